// Prints the header for a vector of clients/vectors.json: the arguments are its members in their order.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"strconv"

	"certwright.internal/client/signing"
)

func main() {
	message, _ := hex.DecodeString(os.Args[5])
	timestamp, _ := strconv.ParseInt(os.Args[6], 10, 64)
	key := signing.Key{SecretID: os.Args[1], SecretKey: os.Args[2]}
	fmt.Println(signing.Authorization(key, os.Args[3], os.Args[4], message, timestamp))
}
