package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"certwright.internal/client/signing"
	ssl "certwright.internal/client/ssl/v20191205"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
)

func main() {
	at := os.Getenv("CERTWRIGHT_GRPC")
	key := signing.Key{SecretID: os.Getenv("TENCENTCLOUD_SECRET_ID"), SecretKey: os.Getenv("TENCENTCLOUD_SECRET_KEY")}
	connection, err := grpc.Dial(at, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(signing.Interceptor(key, at)))
	if err != nil {
		log.Fatal(err)
	}
	request := &ssl.DescribeCertificatesRequest{Limit: proto.Uint64(3)}
	answer, err := ssl.NewSslServiceClient(connection).DescribeCertificates(context.Background(), request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer)
}
