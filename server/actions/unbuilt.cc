// The documented actions that are not built yet. A line leaves this list when its handler comes.
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

constexpr const char* kUnbuilt[] = {
    "BatchDeleteCSR",
    "CertificateInfoSubmit",
    "CertificateOrderSubmit",
    "CheckCertificateChain",
    "CheckCertificateExist",
    "CreateCSR",
    "CreateCertificate",
    "CreateCertificateBindResourceSyncTask",
    "CreateCertificateByPackage",
    "DeleteCertificates",
    "DeployCertificateInstance",
    "DeployCertificateRecordRetry",
    "DeployCertificateRecordRollback",
    "DescribeCSR",
    "DescribeCSRSet",
    "DescribeCertificateBindResourceTaskDetail",
    "DescribeCertificateBindResourceTaskResult",
    "DescribeDeleteCertificatesTaskResult",
    "DescribeDeployedResources",
    "DescribeDownloadCertificateUrl",
    "DescribeHostApiGatewayInstanceList",
    "DescribeHostCdnInstanceList",
    "DescribeHostClbInstanceList",
    "DescribeHostCosInstanceList",
    "DescribeHostDdosInstanceList",
    "DescribeHostDeployRecord",
    "DescribeHostDeployRecordDetail",
    "DescribeHostLighthouseInstanceList",
    "DescribeHostLiveInstanceList",
    "DescribeHostTeoInstanceList",
    "DescribeHostTkeInstanceList",
    "DescribeHostUpdateRecord",
    "DescribeHostUpdateRecordDetail",
    "DescribeHostUploadUpdateRecord",
    "DescribeHostUploadUpdateRecordDetail",
    "DescribeHostVodInstanceList",
    "DescribeHostWafInstanceList",
    "DescribePackages",
    "ModifyCSR",
    "ModifyCertificateProject",
    "ModifyCertificateResubmit",
    "ModifyCertificatesExpiringNotificationSwitch",
    "ReplaceCertificate",
    "RevokeCertificate",
    "SubmitCertificateInformation",
    "UpdateCertificateInstance",
    "UpdateCertificateRecordRetry",
    "UpdateCertificateRecordRollback",
    "UploadConfirmLetter",
    "UploadRevokeLetter",
    "UploadUpdateCertificateInstance",
    "UploadUpdateCertificateRecordRetry",
    "UploadUpdateCertificateRecordRollback",
};

}  // namespace

void BindUnbuiltActions(ActionTable& table) {
  for (const char* name : kUnbuilt) {
    table.BindUnbuilt(*ssl::v20191205::SslService::descriptor(), name);
  }
}

void BindActions(ActionTable& table) {
  BindOrders(table);
  BindCertificates(table);
  BindDescriptions(table);
  BindOperateLogs(table);
  BindProfiles(table);
  BindUnbuiltActions(table);
}

}  // namespace certwright
