"""Our own past: what a job centre knows from before, taken in from a spreadsheet.

A row tells of one workplace: who is responsible, which group, a contact person, a contact that was held, warnings,
the next step. It fills what is empty and adds what is not there; it never changes a register fact, nor what
people have decided since. The same file again adds nothing.
"""
