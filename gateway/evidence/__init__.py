"""The files of attachments: how they get into the store, and out of it; what they are and whose, workshop records.

Why so: docs/decisions/0045.

`store` is the one small interface; `folder` and `bucket` keep files in a folder and in S3-compatible object storage.
"""
