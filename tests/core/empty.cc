// Until the first test stands here.
