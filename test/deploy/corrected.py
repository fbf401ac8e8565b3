"""MiniStack 1.5.33 as published, but for six things in which it is not AWS (docs/decisions/0018):

- `Ref` of a secret is its ARN; it answers the name, and a role that may read the ARN could then read nothing;
- alarms on metric math are refused; here they are taken and never ring. Nothing in the deployment test waits for an alarm;
- expiry and point-in-time recovery of a table in a template are forgotten; here they are switched on as it says;
- the Object Lock of a bucket in a template is forgotten; here it is kept, and its objects are locked by it;
- conditions on `kms:EncryptionContext:` and `kms:SigningAlgorithm` are never met, since its IAM does not look into a request to KMS; here it does;
- every schedule counts as one of the group `default`, so that a role for another group may make none; here its group is its own.
"""

import json
import sys

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import dynamodb, s3
from ministack.services.cloudformation import provisioners

KINDS = provisioners._RESOURCE_HANDLERS
create_secret = KINDS["AWS::SecretsManager::Secret"]["create"]
create_table = KINDS["AWS::DynamoDB::Table"]["create"]
create_bucket = KINDS["AWS::S3::Bucket"]["create"]
create_alarm = KINDS["AWS::CloudWatch::Alarm"]["create"]
known_of_request = iam_actions.request_tag_context
resource_of_request = iam_actions.extract_resource_arn


def secret_by_arn(logical_id, props, stack_name):
    name, attributes = create_secret(logical_id, props, stack_name)
    if name == attributes["Arn"]:
        sys.exit("MiniStack answers the ARN of a secret by now: nothing to correct in test/deploy/corrected.py")
    return attributes["Arn"], attributes


def table_with_all(logical_id, props, stack_name):
    name, attributes = create_table(logical_id, props, stack_name)
    if dynamodb._ttl_settings.get(name) or dynamodb._pitr_settings.get(name):
        sys.exit("MiniStack remembers a table's expiry by now: nothing to correct in test/deploy/corrected.py")
    for asked, do in (
        ("TimeToLiveSpecification", dynamodb._update_ttl),
        ("PointInTimeRecoverySpecification", dynamodb._update_continuous_backups),
    ):
        if asked in props:
            do({"TableName": name, asked: {key: value in (True, "true") if "Enabled" in key else value for key, value in props[asked].items()}})
    return name, attributes


def bucket_with_lock(logical_id, props, stack_name):
    name, attributes = create_bucket(logical_id, props, stack_name)
    if s3._bucket_object_lock.get(name):
        sys.exit("MiniStack remembers a bucket's Object Lock by now: nothing to correct in test/deploy/corrected.py")
    if props.get("ObjectLockEnabled") in (True, "true"):
        rule = (props.get("ObjectLockConfiguration") or {}).get("Rule") or {}
        default = {key: value if key == "Mode" else int(value) for key, value in (rule.get("DefaultRetention") or {}).items()}
        s3._bucket_object_lock[name] = {"enabled": True, "default_retention": default or None}
    return name, attributes


def alarm_or_silence(logical_id, props, stack_name):
    if "Metrics" not in props:
        return create_alarm(logical_id, props, stack_name)
    name = f"{stack_name}-{logical_id}"
    arn = f"arn:aws:cloudwatch:{provisioners.get_region()}:{provisioners.get_account_id()}:alarm:{name}"
    return name, {"Arn": arn}


def known_of_kms_too(service, action, body, *rest):
    known = known_of_request(service, action, body, *rest) or {}
    if service != "kms":
        return known
    asked = json.loads(body or b"{}")
    context = asked.get("EncryptionContext") or {}
    algorithm = {"kms:SigningAlgorithm": asked["SigningAlgorithm"]} if "SigningAlgorithm" in asked else {}
    return {**known, **algorithm, **{f"kms:EncryptionContext:{key}": value for key, value in context.items()}}


def resource_with_group(service, method, path, headers, body, params, *rest):
    arn = resource_of_request(service, method, path, headers, body, params, *rest)
    if service != "scheduler" or ":schedule/default/" not in arn:
        return arn
    group = params.get("groupName") or json.loads(body or b"{}").get("GroupName") or "default"
    return arn.replace(":schedule/default/", f":schedule/{group[0] if isinstance(group, list) else group}/")


iam_actions.extract_resource_arn = resource_with_group
iam_actions.request_tag_context = known_of_kms_too
KINDS["AWS::SecretsManager::Secret"]["create"] = secret_by_arn
KINDS["AWS::DynamoDB::Table"]["create"] = table_with_all
KINDS["AWS::S3::Bucket"]["create"] = bucket_with_lock
KINDS["AWS::CloudWatch::Alarm"]["create"] = alarm_or_silence
main()
