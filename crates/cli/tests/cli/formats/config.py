"""Says whether a validator takes the documents of TOML that our parser takes, and no others.

Standard input has a JSON schema and samples, each with what the parser says of it.
"""

import json
import sys
import tomllib

import jsonschema

given = json.load(sys.stdin)
schema = given["schema"]
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
validator = validator(schema)
wrong = 0
for sample in given["samples"]:
    errors = list(validator.iter_errors(tomllib.loads(sample["toml"])))
    if sample["is_valid"] != (not errors):
        wrong += 1
        print(sample["is_valid"], sample["toml"], [error.message[:200] for error in errors][:2])
sys.exit(1 if wrong else 0)
