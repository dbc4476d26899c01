"""An invented municipality to look at: Lindevig, its employers, and a year of the job centre's work there.

Everything here is made up. Names of towns and companies are invented, CVR numbers are valid but of a range not in
use (99......), P-numbers begin with 99, telephones with 10, and addresses of e-mail end on ".example". The texts are
Danish because they are what people typed; they are not translated.
"""
