"""The invented names of the demo."""

SUPPLIERS = (
    ("Nordhafen Office Supply GmbH", "4930", "Paper, toner and small office goods"),
    ("Kestrel Couriers Ltd", "4910", "Domestic parcels"),
    ("Lumen & Sohn Elektro", "4800", "Lamp and socket repairs"),
    ("Brightwater Coffee Roasters", "4650", "Coffee for the kitchen"),
    ("Fjellhosting AS", "4964", "Web hosting, monthly"),
    ("Atelier Grafika", "4610", "Folders and business cards"),
    ("Tessera Cleaning Services", "4250", "Office cleaning"),
    ("Oakfield Telecom", "4920", "Mobile phones, monthly"),
    ("Pergola Catering", "4653", "Catering for a meeting"),
    ("Meridian Translations", "4900", "Document translation"),
    ("Polder Print BV", "4610", "Posters and signs"),
    ("Silberstein Legal", "4950", "Contract advice"),
)
LARGE_SUPPLIERS = (
    ("Halcyon Machine Works", "0400", "Packing machine, second installment"),
    ("Vantage Data Centers", "4964", "Servers, annual fee"),
    ("Corvus Consulting", "4950", "Consulting, March to May"),
    ("Greenline Fleet Leasing", "4570", "Sales team cars, quarterly"),
)
ACCOUNTS = (
    ("Alder & Finch", "purchasing@alder-finch.example", "EUR 18,400 a year", "in 34 days"),
    ("Borealis Outdoor", "office@borealis-outdoor.example", "EUR 9,200 a year", "in 12 days"),
    ("Caldera Foods", "it@caldera-foods.example", "EUR 41,000 a year", "in 58 days"),
    ("Dovetail Joinery", "hello@dovetail-joinery.example", "EUR 3,600 a year", "in 21 days"),
    ("Ember Studios", "accounts@ember-studios.example", "EUR 12,750 a year", "7-day"),
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
    ("Halcyon Machine Works", "packing machine, second installment"),
    ("Vantage Data Centers", "servers, annual fee"),
    ("Corvus Consulting", "consulting, March to May"),
)
# Logins: username, full name, manager's username, department.
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
