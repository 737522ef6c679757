import os

import grpc
from certwright.ssl.v20191205 import certificates_1_pb2, ssl_pb2_grpc
from certwright_signing import SigningInterceptor

at = os.environ["CERTWRIGHT_GRPC"]
keys = os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
channel = grpc.intercept_channel(grpc.insecure_channel(at), SigningInterceptor(*keys, at))
service = ssl_pb2_grpc.SslServiceStub(channel)
print(service.DescribeCertificates(certificates_1_pb2.DescribeCertificatesRequest(limit=3)))
