// Package signing signs every call of a gRPC connection with TC3-HMAC-SHA256.
package signing

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// Key is an API key. Token comes with temporary ones.
type Key struct {
	SecretID, SecretKey, Token string
}

func mac(key []byte, text string) []byte {
	digest := hmac.New(sha256.New, key)
	digest.Write([]byte(text))
	return digest.Sum(nil)
}

func hexDigest(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

// Authorization is the header of one call: message is the serialized request, timestamp Unix seconds.
func Authorization(key Key, authority, method string, message []byte, timestamp int64) string {
	canonical := fmt.Sprintf(
		"POST\n%s\n\ncontent-type:application/grpc\nhost:%s\n\ncontent-type;host\n%s",
		method, authority, hexDigest(message))
	date := time.Unix(timestamp, 0).UTC().Format("2006-01-02")
	service := strings.Split(method, ".")[1] // of /certwright.SERVICE.VERSION…
	scope := date + "/" + service + "/tc3_request"
	signing := mac(mac(mac([]byte("TC3"+key.SecretKey), date), service), "tc3_request")
	signature := mac(signing, fmt.Sprintf(
		"TC3-HMAC-SHA256\n%d\n%s\n%s", timestamp, scope, hexDigest([]byte(canonical))))
	return fmt.Sprintf(
		"TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%x",
		key.SecretID, scope, signature)
}

// Interceptor signs with key. authority is what the connection was dialled to, HOST:PORT.
func Interceptor(key Key, authority string) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, request, reply interface{},
		connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		message, err := proto.Marshal(request.(proto.Message))
		if err != nil {
			return err
		}
		now := time.Now().Unix()
		ctx = metadata.AppendToOutgoingContext(ctx,
			"authorization", Authorization(key, authority, method, message, now),
			"x-tc-timestamp", strconv.FormatInt(now, 10))
		if key.Token != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, "x-tc-token", key.Token)
		}
		return invoke(ctx, method, request, reply, connection, options...)
	}
}
