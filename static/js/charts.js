// Draws each figure[data-chart] from the table in it: what is seen and what is read are the same numbers, in the same
// words. Where this does not run, the table stands open. What is read of it is told in templates/desk/_chart.html.
(() => {
  const { Chart } = window;
  if (!Chart) return;
  const SHAPES = ["circle", "triangle", "rect", "rectRot"];
  // As wide as A4 between its margins; a canvas on paper is a picture, and a sharp one has more dots.
  const PAPER = { width: 680, ratio: 2 };
  const drawn = new Map();
  let printing = false;

  const wordsOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

  function read(figure) {
    const table = figure.querySelector(".chart-table table");
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows];
    return {
      kind: figure.dataset.chart,
      unit: figure.dataset.unit ? ` ${figure.dataset.unit}` : "",
      top: figure.dataset.top ? Number(figure.dataset.top) : undefined,
      names: rows.map((row) => wordsOf(row.cells[0])),
      labels: rows.map((row) => row.cells[0].dataset.short || wordsOf(row.cells[0])),
      series: heads.map((head, at) => ({
        label: wordsOf(head),
        colour: head.dataset.colour || "accent",
        tier: head.dataset.colour?.match(/^tier-(\d)$/)?.[1],
        isDashed: head.dataset.line === "dashed",
        cells: rows.map((row) => {
          const cell = row.cells[at + 1];
          return {
            value: cell.dataset.value ? Number(cell.dataset.value) : null,
            words: wordsOf(cell),
            link: cell.querySelector("a"),
            // What it is compared with, the same month a year before, has ended.
            isRunning: "unfinished" in row.dataset && head.dataset.line !== "dashed",
          };
        }),
      })),
    };
  }

  // The colours as tokens.css has them at this moment.
  function look() {
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    const shades = (colour) => {
      if (colour.startsWith("tier-")) {
        return { fill: token(colour), line: token(`${colour}-line`), ink: token(`${colour}-ink`) };
      }
      if (colour === "quiet") return { fill: token("line"), edge: token("field"), line: token("ink-2"), ink: token("ink") };
      return { fill: token(colour), line: token(colour), ink: token(colour === "late" ? "ground" : "accent-ink") };
    };
    return { token, shades, family: getComputedStyle(document.body).fontFamily };
  }

  const fontOf = (colours, size, weight = 400) => `${weight} ${size}px ${colours.family}`;

  // What still runs is not a full bar: hatched.
  function hatch(shade, ground) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const pen = tile.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = shade;
    pen.beginPath();
    for (const x of [-6, 0, 6]) {
      pen.moveTo(x - 1, 7);
      pen.lineTo(x + 7, -1);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function lineOf(one, at, colours) {
    const { line } = colours.shades(one.colour);
    const isAlone = (index) => one.cells[index - 1]?.value == null && one.cells[index + 1]?.value == null;
    return {
      borderColor: line,
      borderWidth: one.isDashed ? 1.5 : 2,
      borderDash: one.isDashed ? [5, 4] : [],
      segment: { borderDash: ({ p1DataIndex }) => (one.cells[p1DataIndex].isRunning ? [1.5, 3.5] : undefined) },
      pointStyle: SHAPES[(one.tier ? one.tier - 1 : at) % SHAPES.length],
      pointRadius: ({ dataIndex }) => (one.isDashed && !isAlone(dataIndex) ? 0 : 3.5),
      pointHoverRadius: 5,
      pointHitRadius: 10,
      pointBorderColor: line,
      pointBorderWidth: 1.5,
      pointBackgroundColor: ({ dataIndex }) => (one.cells[dataIndex].isRunning ? colours.token("ground") : line),
    };
  }

  function barsOf(one, told, colours) {
    const { fill, edge, line } = colours.shades(one.colour);
    const hatched = one.cells.some(({ isRunning }) => isRunning) && hatch(edge || line, colours.token("ground"));
    return {
      backgroundColor: ({ dataIndex }) => (one.cells[dataIndex].isRunning ? hatched : fill),
      borderColor: edge || line,
      borderWidth: ({ dataIndex }) => (one.cells[dataIndex].isRunning || (edge || line) !== fill ? 1 : 0),
      borderSkipped: false,
      maxBarThickness: told.kind === "across" ? 18 : 40,
      categoryPercentage: told.kind === "across" ? 1 : 0.8,
      barPercentage: told.kind === "bars" ? 0.92 : 0.8,
    };
  }

  // Words in lines that fit; a word longer than a line stands on its own.
  function wrap(text, width, measure) {
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  // Lines are named at their ends where that leaves room to draw; else, and for bars, above.
  function isNamedAtEnds(told, width, measure) {
    return told.kind === "line" && told.series.every((one) => one.tier || measure(one.label) <= Math.max(36, width * 0.14));
  }

  function plan(told, width, colours) {
    const pen = document.createElement("canvas").getContext("2d");
    const measure = (font) => (text) => {
      pen.font = font;
      return pen.measureText(text).width;
    };
    const isAcross = told.kind === "across";
    const names = fontOf(colours, 12, 600);
    const atEnds = isNamedAtEnds(told, width, measure(names));
    const room = { top: told.kind === "stacked" ? 6 : 20, right: 6, bottom: 0, left: 0 };
    if (atEnds && told.series.length > 1) {
      room.right = 12 + Math.max(...told.series.map((one) => (one.tier ? 20 : measure(names)(one.label))));
    }
    let lines = [];
    if (isAcross) {
      room.top = 0;
      const names = measure(fontOf(colours, 13));
      lines = told.labels.map((label) => wrap(label, width * 0.4, names));
      room.left = 12 + Math.max(...lines.flat().map(names));
      if (told.series.length === 1) {
        room.right = 12 + Math.max(...told.series[0].cells.map((cell) => measure(fontOf(colours, 13, 600))(cell.words)));
      }
    }
    const most = Math.max(1, ...lines.map((one) => one.length));
    const height = isAcross ? told.labels.length * Math.max(30, 17 * most + 8) : width < 480 ? 190 : 220;
    return { room, lines, height, legend: told.series.length > 1 && !atEnds, names: atEnds && told.series.length > 1 };
  }

  function axes(told, colours) {
    const isWhole = told.series.every((one) => one.cells.every(({ value }) => value === null || Number.isInteger(value)));
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
    const font = { family: colours.family, size: 11 };
    const quiet = colours.token("ink-2");
    const stacked = told.kind === "stacked" || (told.kind === "across" && told.series.length > 1);
    if (told.kind === "across") {
      return {
        x: { display: false, stacked, beginAtZero: true, max: told.top },
        y: { display: false, stacked },
      };
    }
    return {
      x: {
        stacked,
        offset: told.kind !== "line" || told.labels.length === 1,
        grid: { display: false },
        border: { color: colours.token("line-2") },
        ticks: { color: quiet, font, maxRotation: 0, autoSkipPadding: 10, padding: 4 },
      },
      y: {
        stacked,
        beginAtZero: true,
        max: told.top,
        grid: { color: colours.token("line"), drawTicks: false },
        border: { display: false },
        ticks: {
          color: quiet,
          font,
          maxTicksLimit: 5,
          padding: 8,
          precision: isWhole ? 0 : undefined,
          callback: (value) => number.format(value) + told.unit,
        },
      },
    };
  }

  function config(told, how, colours, ratio) {
    const isLine = told.kind === "line";
    const tip = { family: colours.family, size: 12 };
    return {
      type: isLine ? "line" : "bar",
      data: {
        labels: told.labels,
        datasets: told.series.map((one, at) => ({
          label: one.label,
          data: one.cells.map(({ value }) => value),
          ...(isLine ? lineOf(one, at, colours) : barsOf(one, told, colours)),
        })),
      },
      options: {
        animation: false,
        responsive: false,
        devicePixelRatio: ratio,
        indexAxis: told.kind === "across" ? "y" : "x",
        interaction: { mode: "index", axis: told.kind === "across" ? "y" : "x", intersect: false },
        layout: { padding: how.room },
        scales: axes(told, colours),
        onClick: (event, _found, chart) => open(linkAt(chart, event, told), event.native),
        onHover: (event, _found, chart) => chart.canvas.classList.toggle("opens", Boolean(linkAt(chart, event, told))),
        plugins: {
          legend: { display: false },
          tooltip: {
            backgroundColor: colours.token("bulk"),
            titleColor: colours.token("bulk-ink"),
            bodyColor: colours.token("bulk-ink"),
            titleFont: { ...tip, weight: 600 },
            bodyFont: tip,
            cornerRadius: 4,
            caretSize: 0,
            padding: 8,
            usePointStyle: isLine,
            boxPadding: 4,
            callbacks: {
              title: ([first]) => told.names[first.dataIndex],
              label: ({ datasetIndex, dataIndex }) =>
                `${told.series[datasetIndex].label}: ${told.series[datasetIndex].cells[dataIndex].words}`,
            },
          },
        },
      },
      plugins: [{ id: "words", afterDatasetsDraw: (chart) => write(chart, told, how, colours) }],
    };
  }

  function linkAt(chart, event, told) {
    const [hit] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, true);
    return hit && told.series[hit.datasetIndex].cells[hit.index].link;
  }

  // As if the table's own link had been pressed, with the keys that were held.
  function open(link, { ctrlKey, metaKey, shiftKey }) {
    link?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
  }

  // Text with a rim of the ground, to be read across lines.
  function say(pen, text, x, y, { font, colour, align = "center", rim }) {
    Object.assign(pen, { font, textAlign: align, textBaseline: "middle", lineJoin: "round" });
    if (rim) {
      Object.assign(pen, { strokeStyle: rim, lineWidth: 4 });
      pen.strokeText(text, x, y);
    }
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  }

  function write(chart, told, how, colours) {
    const pen = chart.ctx;
    pen.save();
    if (told.kind === "line") {
      if (told.series.length <= 2) sayMost(chart, told, colours);
      if (how.names) sayNames(chart, told, colours);
    }
    if (told.kind === "across") sayRows(chart, how, colours);
    if (told.kind === "bars") sayAbove(chart, told, colours);
    else if (told.kind === "across" && told.series.length === 1) sayBeside(chart, told, colours);
    else if (told.kind !== "line") sayInside(chart, told, colours);
    pen.restore();
  }

  // The highest point of the first line has its figure.
  function sayMost(chart, told, colours) {
    const [{ cells }] = told.series;
    const most = Math.max(...cells.map(({ value }) => value ?? -Infinity));
    const at = cells.findIndex(({ value }) => value === most);
    if (at < 0) return;
    const { x, y } = chart.getDatasetMeta(0).data[at];
    const style = { font: fontOf(colours, 12, 650), colour: colours.token("ink"), rim: colours.token("ground") };
    say(chart.ctx, cells[at].words, x, y - 13, style);
  }

  function sayNames(chart, told, colours) {
    const ends = [];
    told.series.forEach((one, at) => {
      const last = one.cells.findLastIndex(({ value }) => value !== null);
      if (last < 0) return;
      const { x, y } = chart.getDatasetMeta(at).data[last];
      ends.push({ one, x: x + 9, y });
    });
    // From the top down, none upon another.
    ends.sort((a, b) => a.y - b.y);
    const gap = ends.some(({ one }) => one.tier) ? 21 : 15;
    ends.forEach((end, at) => {
      const above = ends.slice(0, at).filter((other) => Math.abs(other.x - end.x) < 40);
      if (above.length) end.y = Math.max(end.y, above.at(-1).y + gap);
    });
    const over = Math.max(0, ...ends.map(({ y }) => y - chart.chartArea.bottom));
    for (const { one, x, y } of ends) {
      if (one.tier) mark(chart.ctx, one, x, y - over, colours);
      else {
        const colour = one.colour === "quiet" ? colours.token("ink-2") : colours.shades(one.colour).line;
        const font = fontOf(colours, 12, one.isDashed ? 400 : 600);
        say(chart.ctx, one.label, x, y - over, { font, colour, align: "left", rim: colours.token("ground") });
      }
    }
  }

  // The mark of a group, as it stands everywhere else.
  function mark(pen, one, x, y, colours) {
    pen.beginPath();
    pen.roundRect(x, y - 9, 18, 18, 3);
    Object.assign(pen, { fillStyle: colours.token(one.colour), strokeStyle: colours.token(`${one.colour}-edge`) });
    pen.lineWidth = 1;
    pen.fill();
    pen.stroke();
    say(pen, one.tier, x + 9, y + 0.5, { font: fontOf(colours, 11, 700), colour: colours.token(`${one.colour}-ink`) });
  }

  // At the left edge, where the axis of the library would keep a margin.
  function sayRows(chart, { lines }, colours) {
    const style = { font: fontOf(colours, 13), colour: colours.token("ink"), align: "left" };
    chart.getDatasetMeta(0).data.forEach(({ y }, at) => {
      lines[at].forEach((line, number) => say(chart.ctx, line, 0, y + 16 * (number - (lines[at].length - 1) / 2), style));
    });
  }

  function eachBar(chart, told, act) {
    told.series.forEach((one, at) => {
      chart.getDatasetMeta(at).data.forEach((bar, index) => {
        const cell = one.cells[index];
        if (cell.value !== null) act(bar, cell, one);
      });
    });
  }

  function sayAbove(chart, told, colours) {
    const font = fontOf(colours, 11, 600);
    chart.ctx.font = font;
    const room = (bar) => bar.width + (told.series.length === 1 ? 10 : 2);
    let fits = true;
    // All of them or none: a figure that is missing would look like none.
    eachBar(chart, told, (bar, { words }) => (fits &&= chart.ctx.measureText(words).width <= room(bar)));
    if (!fits) return;
    eachBar(chart, told, (bar, { words }) => say(chart.ctx, words, bar.x, bar.y - 9, { font, colour: colours.token("ink") }));
  }

  function sayBeside(chart, told, colours) {
    const font = fontOf(colours, 13, 600);
    eachBar(chart, told, (bar, { words, link }) => {
      const colour = colours.token(link ? "accent" : "ink");
      say(chart.ctx, words, bar.x + 8, bar.y, { font, colour, align: "left" });
    });
  }

  function sayInside(chart, told, colours) {
    const font = fontOf(colours, 11, 600);
    const isAcross = told.kind === "across";
    chart.ctx.font = font;
    eachBar(chart, told, (bar, { words, isRunning }, one) => {
      const wide = isAcross ? Math.abs(bar.x - bar.base) : bar.width;
      const tall = isAcross ? bar.height : Math.abs(bar.y - bar.base);
      if (chart.ctx.measureText(words).width > wide - 4 || tall < 13) return;
      const style = {
        font,
        colour: isRunning ? colours.token("ink") : colours.shades(one.colour).ink,
        rim: isRunning && colours.token("ground"),
      };
      const [x, y] = isAcross ? [(bar.x + bar.base) / 2, bar.y] : [bar.x, (bar.y + bar.base) / 2];
      say(chart.ctx, words, x, y, style);
    });
  }

  // What the colours and dashes mean, in words; the heads of the table say the same.
  function legendOf(told) {
    const legend = document.createElement("p");
    legend.className = "chart-legend";
    legend.setAttribute("aria-hidden", "true");
    told.series.forEach((one) => {
      const part = document.createElement("span");
      const sign = document.createElement("span");
      if (one.tier) {
        sign.className = `tier tier-${one.tier}`;
        sign.textContent = one.tier;
      } else {
        const kind = told.kind === "line" ? `line${one.isDashed ? " is-dashed" : ""}` : "bar";
        sign.className = `chart-sign is-${one.colour} is-${kind}`;
      }
      part.append(sign, one.label);
      legend.append(part);
    });
    return legend;
  }

  function draw(figure) {
    const place = figure.querySelector(".chart-drawn");
    const isFirst = !figure.classList.contains("is-drawn");
    if (isFirst) {
      figure.classList.add("is-drawn");
      figure.querySelector(".chart-table").open = false;
      place.append(canvasFor(figure));
      sizes.observe(place);
    }
    drawn.get(figure)?.destroy();
    const width = printing ? PAPER.width : place.clientWidth;
    if (!width) return;
    const told = read(figure);
    const colours = look();
    const how = plan(told, width, colours);
    const canvas = place.querySelector("canvas");
    // A script may set a style where the page's policy forbids one in the markup.
    place.style.height = `${how.height}px`;
    Object.assign(canvas, { width, height: how.height });
    figure.querySelector(".chart-legend")?.remove();
    if (how.legend) place.before(legendOf(told));
    const ratio = printing ? PAPER.ratio : window.devicePixelRatio;
    drawn.set(figure, new Chart(canvas, config(told, how, colours, ratio)));
    place.dataset.width = width;
  }

  function canvasFor(figure) {
    const canvas = document.createElement("canvas");
    const heading = document.getElementById(figure.getAttribute("aria-labelledby"));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", heading ? wordsOf(heading) : wordsOf(figure.querySelector("caption")));
    canvas.setAttribute("aria-details", figure.querySelector(".chart-table").id);
    // A browser that is short of memory empties canvases, and says when they can be drawn anew.
    canvas.addEventListener("contextrestored", () => draw(figure));
    return canvas;
  }

  const sizes = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (!printing && target.isConnected && target.clientWidth !== Number(target.dataset.width)) {
        draw(target.closest("[data-chart]"));
      }
    }
  });

  function drawIn(part) {
    const figures = [...part.querySelectorAll("figure[data-chart]:not(.is-drawn)")];
    if (part.matches?.("figure[data-chart]:not(.is-drawn)")) figures.push(part);
    figures.forEach(draw);
  }

  function drawAgain() {
    if (printing) return;
    for (const [figure, chart] of drawn) {
      if (figure.isConnected) draw(figure);
      else {
        chart.destroy();
        drawn.delete(figure);
      }
    }
  }

  const root = document.documentElement;
  new MutationObserver(drawAgain).observe(root, { attributeFilter: ["data-bs-theme"] });
  for (const how of ["(prefers-color-scheme: dark)", "print"]) {
    window.matchMedia(how).addEventListener("change", drawAgain);
  }
  // Paper is light whatever the screen is.
  window.addEventListener("beforeprint", () => {
    printing = true;
    const { bsTheme } = root.dataset;
    root.dataset.bsTheme = "light";
    for (const figure of drawn.keys()) if (figure.isConnected) draw(figure);
    if (bsTheme) root.dataset.bsTheme = bsTheme;
    else delete root.dataset.bsTheme;
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    drawAgain();
  });
  document.addEventListener("htmx:load", (event) => drawIn(event.detail.elt));
  document.addEventListener("page:fresh", () => drawIn(document));
  drawIn(document);
})();
