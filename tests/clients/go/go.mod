module certwright.test/clients/go

go 1.19

require (
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.145
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl v1.3.105
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tag v1.1.0
)
