"""Where the bytes of attachments are: a folder, or storage that speaks S3."""
