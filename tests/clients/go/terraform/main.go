// The calls that Terraform's provider makes for a certificate and for the list of them, with the SDK
// that it is built on and the variables that it reads. The provider itself comes from a registry that
// tests cannot ask.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssl "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl/v20191205"
	tag "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tag/v20180813"
)

// What the provider takes for given, and a null of which ends it.
var (
	detailMembers = []string{"Alias", "CertificateType", "ProjectId", "CertificatePublicKey",
		"ProductZhName", "Domain", "Status", "CertBeginTime", "CertEndTime", "InsertTime"}
	listMembers = []string{"CertificateId", "Alias", "CertificateType", "ProjectId", "ProductZhName",
		"Domain", "Status", "CertBeginTime", "CertEndTime", "InsertTime", "OwnerUin", "ValidityPeriod"}
)

type report struct {
	Type    string   `json:"type"`
	Project string   `json:"project"`
	Status  uint64   `json:"status"`
	IsSame  bool     `json:"is_same"` // the PEM that was sent
	Nulls   []string `json:"nulls"`
	Listed  int      `json:"listed"`
	Renamed string   `json:"renamed"`
	Deleted bool     `json:"deleted"`
	Gone    string   `json:"gone"`
	// Of the resource's tags: before any, put on, changed, and the error of a change after the deletion.
	NoTags  map[string]string `json:"no_tags"`
	Tags    map[string]string `json:"tags"`
	Changed map[string]string `json:"changed"`
	Shown   map[string]string `json:"shown"` // by the certificate itself
	GoneTag string            `json:"gone_tag"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func codeOf(err error) string {
	var told *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &told) {
		return ""
	}
	return told.Code
}

// toLoopback is the line of /etc/hosts that names below localhost may need.
func toLoopback() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	return transport
}

// configured are the clients of the two services that the domain moves.
func configured() (*ssl.Client, *tag.Client) {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme = os.Getenv("TENCENTCLOUD_PROTOCOL")
	settings.HttpProfile.RootDomain = os.Getenv("TENCENTCLOUD_DOMAIN")
	credential := common.NewTokenCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"),
		os.Getenv("TENCENTCLOUD_SECRET_KEY"), os.Getenv("TENCENTCLOUD_SECURITY_TOKEN"))
	region := os.Getenv("TENCENTCLOUD_REGION")
	client, err := ssl.NewClient(credential, region, settings)
	check(err)
	client.WithHttpTransport(toLoopback())
	tagClient, err := tag.NewClient(credential, region, settings)
	check(err)
	tagClient.WithHttpTransport(toLoopback())
	return client, tagClient
}

func nullsOf(answer interface{}, members []string) []string {
	nulls := []string{}
	for _, name := range members {
		if reflect.ValueOf(answer).Elem().FieldByName(name).IsNil() {
			nulls = append(nulls, name)
		}
	}
	return nulls
}

func detail(client *ssl.Client, id *string) (*ssl.DescribeCertificateDetailResponseParams, error) {
	request := ssl.NewDescribeCertificateDetailRequest()
	request.CertificateId = id
	answer, err := client.DescribeCertificateDetail(request)
	if err != nil {
		return nil, err
	}
	return answer.Response, nil
}

func create(client *ssl.Client, public, private string) *string {
	request := ssl.NewUploadCertificateRequest()
	request.CertificatePublicKey = &public
	request.CertificatePrivateKey = &private
	request.CertificateType = common.StringPtr("SVR")
	request.ProjectId = common.Uint64Ptr(0)
	request.Alias = common.StringPtr("")
	answer, err := client.UploadCertificate(request)
	check(err)
	return answer.Response.CertificateId
}

func read(client *ssl.Client, id *string, public string, said *report) {
	found, err := detail(client, id)
	check(err)
	said.Type, said.Project, said.Status = *found.CertificateType, *found.ProjectId, *found.Status
	said.IsSame = strings.TrimRight(*found.CertificatePublicKey, "\n") == public
	said.Nulls = nullsOf(found, detailMembers)
	request := ssl.NewDescribeCertificatesRequest()
	request.CertificateType = common.StringPtr("SVR")
	request.SearchKey = id
	listed, err := client.DescribeCertificates(request)
	check(err)
	said.Listed = len(listed.Response.Certificates)
	for _, each := range listed.Response.Certificates {
		said.Nulls = append(said.Nulls, nullsOf(each, listMembers)...)
	}
}

func update(client *ssl.Client, id *string, said *report) {
	request := ssl.NewModifyCertificateAliasRequest()
	request.CertificateId = id
	request.Alias = common.StringPtr("renamed")
	_, err := client.ModifyCertificateAlias(request)
	check(err)
	found, err := detail(client, id)
	check(err)
	said.Renamed = *found.Alias
}

func destroy(client *ssl.Client, id *string, said *report) {
	request := ssl.NewDeleteCertificateRequest()
	request.CertificateId = id
	answer, err := client.DeleteCertificate(request)
	check(err)
	said.Deleted = *answer.Response.DeleteResult
	_, err = detail(client, id)
	said.Gone = codeOf(err)
}

// tags are read in pages of the provider's size, until one is not full.
func tags(client *tag.Client, id *string) map[string]string {
	const limit = 400
	found := map[string]string{}
	request := tag.NewDescribeResourceTagsByResourceIdsRequest()
	request.ServiceType = common.StringPtr("ssl")
	request.ResourcePrefix = common.StringPtr("certificate")
	request.ResourceRegion = common.StringPtr(os.Getenv("TENCENTCLOUD_REGION"))
	request.ResourceIds = []*string{id}
	request.Limit = common.Uint64Ptr(limit)
	request.Offset = common.Uint64Ptr(0)
	for count := limit; count == limit; *request.Offset += uint64(count) {
		answer, err := client.DescribeResourceTagsByResourceIds(request)
		check(err)
		count = len(answer.Response.Tags)
		for _, each := range answer.Response.Tags {
			if *each.ResourceId == *id {
				found[*each.TagKey] = *each.TagValue
			}
		}
	}
	return found
}

func changeTags(client *tag.Client, id *string, replaced map[string]string, deleted []string) error {
	request := tag.NewModifyResourceTagsRequest()
	// The provider leaves the account's number out.
	request.Resource = common.StringPtr(fmt.Sprintf("qcs::ssl:%s:uin/:certificate/%s",
		os.Getenv("TENCENTCLOUD_REGION"), *id))
	for key, value := range replaced {
		request.ReplaceTags = append(request.ReplaceTags,
			&tag.Tag{TagKey: common.StringPtr(key), TagValue: common.StringPtr(value)})
	}
	for _, key := range deleted {
		request.DeleteTags = append(request.DeleteTags,
			&tag.TagKeyObject{TagKey: common.StringPtr(key)})
	}
	_, err := client.ModifyResourceTags(request)
	return err
}

func tagAndChange(client *ssl.Client, tagClient *tag.Client, id *string, said *report) {
	said.NoTags = tags(tagClient, id)
	check(changeTags(tagClient, id, map[string]string{"team": "web", "env": "test"}, nil))
	said.Tags = tags(tagClient, id)
	check(changeTags(tagClient, id, map[string]string{"team": "mail", "说明": ""}, []string{"env"}))
	said.Changed = tags(tagClient, id)
	found, err := detail(client, id)
	check(err)
	said.Shown = map[string]string{}
	for _, each := range found.Tags {
		said.Shown[*each.TagKey] = *each.TagValue
	}
}

func main() {
	public, err := os.ReadFile(os.Args[1])
	check(err)
	private, err := os.ReadFile(os.Args[2])
	check(err)
	// It takes no newline at the end.
	pem := strings.TrimRight(string(public), "\n")
	client, tagClient := configured()
	said := report{}
	id := create(client, pem, strings.TrimRight(string(private), "\n"))
	read(client, id, pem, &said)
	tagAndChange(client, tagClient, id, &said)
	update(client, id, &said)
	destroy(client, id, &said)
	said.GoneTag = codeOf(changeTags(tagClient, id, map[string]string{"team": "web"}, nil))
	check(json.NewEncoder(os.Stdout).Encode(said))
}
