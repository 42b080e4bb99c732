"""The local cloud: the stack of template.yaml on an emulated AWS, with a mailbox, on one machine and without a network.

`python -m local up` runs it in the foreground; `local.cloud.Cloud` is the same thing for tests. Every address is on
127.0.0.1. Nothing in here is deployed.
"""
