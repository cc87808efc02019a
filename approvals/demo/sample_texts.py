"""The invented names that the demo's story is made of."""

SUPPLIERS = (
    ("Nordhafen Office Supply GmbH", "4930", "Paper, toner and small office goods"),
    ("Kestrel Couriers Ltd", "4910", "Parcels within the country"),
    ("Lumen & Sohn Elektro", "4800", "Repairs of lamps and sockets"),
    ("Brightwater Coffee Roasters", "4650", "Coffee for the kitchen"),
    ("Fjellhosting AS", "4964", "Web hosting, monthly"),
    ("Atelier Grafika", "4610", "Printing of folders and cards"),
    ("Tessera Cleaning Services", "4250", "Cleaning of the office"),
    ("Oakfield Telecom", "4920", "Mobile phones, monthly"),
    ("Pergola Catering", "4653", "Catering for a meeting"),
    ("Meridian Translations", "4900", "Translation of documents"),
    ("Polder Print BV", "4610", "Posters and signs"),
    ("Silberstein Legal", "4950", "Advice on contracts"),
)
LARGE_SUPPLIERS = (
    ("Halcyon Machine Works", "0400", "A packing machine, second instalment"),
    ("Vantage Data Centers", "4964", "Servers, yearly"),
    ("Corvus Consulting", "4950", "Consulting, March to May"),
    ("Greenline Fleet Leasing", "4570", "Cars of the sales team, quarterly"),
)
ACCOUNTS = (
    ("Alder & Finch", "purchasing@alder-finch.example", "EUR 18,400 a year", "in 34 days"),
    ("Borealis Outdoor", "office@borealis-outdoor.example", "EUR 9,200 a year", "in 12 days"),
    ("Caldera Foods", "it@caldera-foods.example", "EUR 41,000 a year", "in 58 days"),
    ("Dovetail Joinery", "hello@dovetail-joinery.example", "EUR 3,600 a year", "in 21 days"),
    ("Ember Studios", "accounts@ember-studios.example", "EUR 12,750 a year", "in 7 days"),
    ("Foxglove Pharma", "vendor-care@foxglove-pharma.example", "EUR 88,000 a year", "in 90 days"),
)
EMPLOYEES = (
    ("Elif Kaya", "elif.kaya@northwind.example", "Sales"),
    ("Mateo Ruiz", "mateo.ruiz@northwind.example", "Support"),
    ("Hanna Berg", "hanna.berg@northwind.example", "Finance"),
    ("Priya Nair", "priya.nair@northwind.example", "Engineering"),
    ("Luca Conti", "luca.conti@northwind.example", "Marketing"),
    ("Noor Haddad", "noor.haddad@northwind.example", "Engineering"),
)
SYSTEMS = ("Salesforce", "GitHub", "Jira", "Confluence", "Data warehouse")
PAYEES = (
    ("Halcyon Machine Works", "second instalment of a packing machine"),
    ("Vantage Data Centers", "servers, yearly"),
    ("Corvus Consulting", "consulting, March to May"),
)
# Who signs in: user name, full name, whose user name manages, department.
STAFF = (
    ("senior", "Sofia Marin", "", "Management"),
    ("henrike", "Henrike Vos", "senior", "Finance"),
    ("junior", "Jonas Lind", "henrike", "Finance"),
    ("amara", "Amara Diallo", "senior", "Sales"),
    ("tomas", "Tomas Horak", "senior", "IT"),
)
MANAGERS = {
    "Elif Kaya": "senior",
    "Mateo Ruiz": "amara",
    "Hanna Berg": "junior",
    "Priya Nair": "tomas",
    "Luca Conti": "amara",
    "Noor Haddad": "tomas",
}
ACCOUNT_MANAGERS = {
    "Alder & Finch": "junior",
    "Borealis Outdoor": "amara",
    "Caldera Foods": "amara",
    "Dovetail Joinery": "amara",
    "Ember Studios": "junior",
    "Foxglove Pharma": "amara",
}
