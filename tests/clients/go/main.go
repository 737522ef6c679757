// The calls of ../drivers.md with the official Go SDK.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssl "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl/v20191205"
)

type failure struct {
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
}

type report struct {
	ID         string            `json:"id"`
	Pending    uint64            `json:"pending"`
	RecordType string            `json:"record_type"`
	Issued     uint64            `json:"issued"`
	Alias      string            `json:"alias"`
	Zip        string            `json:"zip"`
	Listed     uint64            `json:"listed"`
	Uploaded   string            `json:"uploaded"`
	Repeated   string            `json:"repeated"`
	Tags       map[string]string `json:"tags"`
	Deleted    bool              `json:"deleted"`
	Gone       *failure          `json:"gone"`
	Cancelled  bool              `json:"cancelled"`
	NotSigned  *failure          `json:"not_signed"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func client(secretKey string) *ssl.Client {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = os.Getenv("DRIVER_ENDPOINT")
	settings.HttpProfile.Scheme = os.Getenv("DRIVER_SCHEME")
	settings.HttpProfile.ReqMethod = os.Getenv("DRIVER_METHOD")
	settings.SignMethod = os.Getenv("DRIVER_SIGN")
	if settings.SignMethod == "UNSIGNED-PAYLOAD" {
		settings.SignMethod = "TC3-HMAC-SHA256"
		settings.UnsignedPayload = true
	}
	made, err := ssl.NewClient(
		common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), secretKey), "", settings)
	check(err)
	return made
}

func errorOf(from *ssl.Client, id string) *failure {
	request := ssl.NewDescribeCertificateRequest()
	request.CertificateId = &id
	_, err := from.DescribeCertificate(request)
	var told *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &told) {
		return nil
	}
	return &failure{told.Code, told.RequestId}
}

func apply(from *ssl.Client, domain, alias string) string {
	request := ssl.NewApplyCertificateRequest()
	request.DvAuthMethod = common.StringPtr("DNS")
	request.DomainName = &domain
	request.Alias = &alias
	request.DeleteDnsAutoRecord = common.BoolPtr(false)
	answer, err := from.ApplyCertificate(request)
	check(err)
	return *answer.Response.CertificateId
}

func list(from *ssl.Client, id string) *ssl.DescribeCertificatesResponseParams {
	request := ssl.NewDescribeCertificatesRequest()
	request.CertIds = common.StringPtrs([]string{id})
	request.CertificateStatus = []*uint64{common.Uint64Ptr(0), common.Uint64Ptr(1)}
	request.Limit = common.Uint64Ptr(20)
	answer, err := from.DescribeCertificates(request)
	check(err)
	return answer.Response
}

// issue proves the order and fetches its certificate.
func issue(from *ssl.Client, said *report) {
	describe := ssl.NewDescribeCertificateRequest()
	describe.CertificateId = &said.ID
	pending, err := from.DescribeCertificate(describe)
	check(err)
	said.Pending = *pending.Response.Status
	said.RecordType = *pending.Response.DvAuthDetail.DvAuths[0].DvAuthVerifyType
	complete := ssl.NewCompleteCertificateRequest()
	complete.CertificateId = &said.ID
	_, err = from.CompleteCertificate(complete)
	check(err)
	detailed := ssl.NewDescribeCertificateDetailRequest()
	detailed.CertificateId = &said.ID
	detail, err := from.DescribeCertificateDetail(detailed)
	check(err)
	said.Issued = *detail.Response.Status
	said.Alias = *detail.Response.Alias
	download := ssl.NewDownloadCertificateRequest()
	download.CertificateId = &said.ID
	zip, err := from.DownloadCertificate(download)
	check(err)
	said.Zip = *zip.Response.Content
}

// upload uploads twice, reads back, and deletes.
func upload(from *ssl.Client, said *report, public, private string) {
	request := ssl.NewUploadCertificateRequest()
	request.CertificatePublicKey = &public
	request.CertificatePrivateKey = &private
	request.Alias = common.StringPtr("uploaded")
	request.Repeatable = common.BoolPtr(false)
	request.Tags = []*ssl.Tags{
		{TagKey: common.StringPtr("env"), TagValue: common.StringPtr("a&b")},
		{TagKey: common.StringPtr("team"), TagValue: common.StringPtr("=+")},
	}
	first, err := from.UploadCertificate(request)
	check(err)
	said.Uploaded = *first.Response.CertificateId
	again, err := from.UploadCertificate(request)
	check(err)
	said.Repeated = *again.Response.RepeatCertId
	said.Tags = map[string]string{}
	for _, tag := range list(from, said.Uploaded).Certificates[0].Tags {
		said.Tags[*tag.TagKey] = *tag.TagValue
	}
	remove := ssl.NewDeleteCertificateRequest()
	remove.CertificateId = &said.Uploaded
	removed, err := from.DeleteCertificate(remove)
	check(err)
	said.Deleted = *removed.Response.DeleteResult
	said.Gone = errorOf(from, said.Uploaded)
}

func main() {
	domain := os.Args[1]
	public, err := os.ReadFile(os.Args[2])
	check(err)
	private, err := os.ReadFile(os.Args[3])
	check(err)
	ours := client(os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	said := report{ID: apply(ours, domain, "a+b 测试")}
	issue(ours, &said)
	said.Listed = *list(ours, said.ID).TotalCount
	upload(ours, &said, string(public), string(private))
	cancel := ssl.NewCancelCertificateOrderRequest()
	cancel.CertificateId = common.StringPtr(apply(ours, "no."+domain, ""))
	cancelled, err := ours.CancelCertificateOrder(cancel)
	check(err)
	said.Cancelled = *cancelled.Response.CertificateId == *cancel.CertificateId
	said.NotSigned = errorOf(client(strings.Repeat("0", 32)), said.ID)
	check(json.NewEncoder(os.Stdout).Encode(said))
}
