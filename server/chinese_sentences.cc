// The one table from ApiError to the Chinese sentence that stands for its documented code; core
// itself speaks English alone. No default: a missing row does not build. A sentence has no stop at
// its end, and says no more than its code: the details follow it.
#include "server/messages.h"

namespace certwright {

const char* ChineseSentence(ApiError error) {
  switch (error) {
    case ApiError::kActionOffline:
      return "该接口已下线";
    case ApiError::kAuthFailure:
      return "签名校验或访问鉴权未通过";
    case ApiError::kAuthFailureInvalidAuthorization:
      return "请求头 Authorization 不符合规定";
    case ApiError::kAuthFailureInvalidSecretId:
      return "SecretId 不是云 API 密钥";
    case ApiError::kAuthFailureMFAFailure:
      return "多因素认证未通过";
    case ApiError::kAuthFailureSecretIdNotFound:
      return "SecretId 不存在或已被禁用";
    case ApiError::kAuthFailureSignatureExpire:
      return "签名已过期，请校准本机时间";
    case ApiError::kAuthFailureSignatureFailure:
      return "签名校验失败";
    case ApiError::kAuthFailureTokenFailure:
      return "临时密钥的 Token 无效";
    case ApiError::kAuthFailureUnauthorizedOperation:
      return "访问策略不允许该密钥执行此操作";
    case ApiError::kDryRunOperation:
      return "试运行通过，实际操作未执行";
    case ApiError::kFailedOperation:
      return "操作未能完成";
    case ApiError::kFailedOperationAuthError:
      return "当前用户对该资源没有操作权限";
    case ApiError::kFailedOperationBoundResources:
      return "证书仍绑定着云资源，无法删除";
    case ApiError::kFailedOperationCAMAuthorizedFail:
      return "访问管理鉴权时出错";
    case ApiError::kFailedOperationCancelAuditCertificateFailed:
      return "撤回审核失败";
    case ApiError::kFailedOperationCancelOrderFailed:
      return "取消订单失败";
    case ApiError::kFailedOperationCannotBeDeletedIssued:
      return "证书已签发，不能删除";
    case ApiError::kFailedOperationCannotBeDeletedWithinHour:
      return "免费证书申请后一小时内不能删除";
    case ApiError::kFailedOperationCannotGetOrder:
      return "暂时无法获取订单信息";
    case ApiError::kFailedOperationCertificateCaError:
      return "上传的证书不是 CA 证书";
    case ApiError::kFailedOperationCertificateCancelFailedMulti:
      return "多年期订单已过首年，不能撤回";
    case ApiError::kFailedOperationCertificateChainError:
      return "证书链各段不能相互衔接";
    case ApiError::kFailedOperationCertificateCsrParseFailed:
      return "无法解析 CSR";
    case ApiError::kFailedOperationCertificateDeployDetailRollbackStatusInvalid:
      return "部署记录尚未结束，不能回滚";
    case ApiError::kFailedOperationCertificateDeployHasPendingRecord:
      return "该证书还有未结束的部署任务";
    case ApiError::kFailedOperationCertificateDeployInstanceEmpty:
      return "所选资源类型下没有可部署的实例";
    case ApiError::kFailedOperationCertificateDeployInstanceFormatError:
      return "部署实例的格式不正确";
    case ApiError::kFailedOperationCertificateDeployNotExist:
      return "部署记录不存在";
    case ApiError::kFailedOperationCertificateDeployRetryStatusInvalid:
      return "只有失败的部署记录才能重试";
    case ApiError::kFailedOperationCertificateDeployRollbackStatusInvalid:
      return "没有部署成功的实例，不能回滚";
    case ApiError::kFailedOperationCertificateDownloadServiceTypeNotSupport:
      return "该证书不支持下载所选的服务器类型";
    case ApiError::kFailedOperationCertificateEncryptInvalid:
      return "证书的加密标准与声明不一致";
    case ApiError::kFailedOperationCertificateExists:
      return "相同的证书已经存在";
    case ApiError::kFailedOperationCertificateHasRenewed:
      return "该证书已有续费订单";
    case ApiError::kFailedOperationCertificateHostDeployCanNotAllow:
      return "该证书不能使用一键更新";
    case ApiError::kFailedOperationCertificateHostResourceInnerInterrupt:
      return "账号下资源过多，暂不支持部署功能";
    case ApiError::kFailedOperationCertificateHostResourceInstanceHugeLimit:
      return "实例数量过多，无法同步查询";
    case ApiError::kFailedOperationCertificateHostResourceTypeInvalid:
      return "云资源类型不受支持";
    case ApiError::kFailedOperationCertificateHostingTypeNumberLimit:
      return "托管的资源类型过多或无法识别";
    case ApiError::kFailedOperationCertificateInfoSubmitContactEmailEmpty:
      return "未填写联系人邮箱";
    case ApiError::kFailedOperationCertificateInfoSubmitDomainInvalid:
      return "提交资料中的域名不正确";
    case ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid:
      return "证书当前状态不能提交资料";
    case ApiError::kFailedOperationCertificateInvalid:
      return "证书不符合要求";
    case ApiError::kFailedOperationCertificateMatchError:
      return "证书与私钥不匹配";
    case ApiError::kFailedOperationCertificateMismatch:
      return "证书与所给密钥不属于同一对";
    case ApiError::kFailedOperationCertificateNotAllowDownload:
      return "该证书已被禁止下载";
    case ApiError::kFailedOperationCertificateNotAvailable:
      return "证书当前不可用";
    case ApiError::kFailedOperationCertificateNotDeployInstance:
      return "没有适合该证书的部署实例";
    case ApiError::kFailedOperationCertificateNotFound:
      return "证书不存在或不属于该账号";
    case ApiError::kFailedOperationCertificateNotFoundOrAudited:
      return "证书不存在或已通过审核";
    case ApiError::kFailedOperationCertificateNotFoundOrCantCancel:
      return "证书不存在或不可取消";
    case ApiError::kFailedOperationCertificateOrderSubmitProcessing:
      return "订单正在处理中，请勿重复提交";
    case ApiError::kFailedOperationCertificateOrderSubmitRootCAInvalid:
      return "所选根证书不可用";
    case ApiError::kFailedOperationCertificateParseError:
      return "证书内容解析失败";
    case ApiError::kFailedOperationCertificatePreVerifyEmailInvalid:
      return "验证邮箱的格式不正确";
    case ApiError::kFailedOperationCertificateStatusNotAllowDownload:
      return "证书当前状态不能下载";
    case ApiError::kFailedOperationCertificateStatusNotAllowResubmit:
      return "证书当前状态不能重新提交";
    case ApiError::kFailedOperationCertificateStatusNotAllowVerify:
      return "证书当前状态不能验证域名";
    case ApiError::kFailedOperationCertificateSubmitHostingCertError:
      return "托管续费的证书不能手动提交";
    case ApiError::kFailedOperationCertificateSyncTaskCertificateIdCountInvalid:
      return "一次查询的证书 ID 数量不符合要求";
    case ApiError::kFailedOperationCertificateSyncTaskIdInvalid:
      return "关联资源查询任务不存在";
    case ApiError::kFailedOperationCertificateTypeInfoNotFound:
      return "未找到该证书类型";
    case ApiError::kFailedOperationCertificateWhiteFuncError:
      return "该功能需要先加入白名单";
    case ApiError::kFailedOperationConfirmLetterTooLarge:
      return "确认函文件过大";
    case ApiError::kFailedOperationConfirmLetterTooSmall:
      return "确认函文件过小";
    case ApiError::kFailedOperationDeleteFailedTimeNotUp:
      return "免费证书申请未满一小时，暂不能删除";
    case ApiError::kFailedOperationDeleteResourceFailed:
      return "证书已关联云资源，删除被拒绝";
    case ApiError::kFailedOperationExceedsFreeLimit:
      return "免费证书数量已达账号上限";
    case ApiError::kFailedOperationFileTooLarge:
      return "文件过大";
    case ApiError::kFailedOperationFileTooSmall:
      return "文件过小，无法辨认内容";
    case ApiError::kFailedOperationGenCSRFail:
      return "生成 CSR 失败";
    case ApiError::kFailedOperationIllegalManagerStatus:
      return "管理人当前状态不能执行此操作";
    case ApiError::kFailedOperationInvalidCertificateSource:
      return "该来源的证书不能执行此操作";
    case ApiError::kFailedOperationInvalidCertificateStatusCode:
      return "证书当前状态不能执行此操作";
    case ApiError::kFailedOperationInvalidConfirmLetterFormat:
      return "确认函须为 jpg、jpeg、png 或 pdf 文件";
    case ApiError::kFailedOperationInvalidConfirmLetterFormatWosign:
      return "确认函须为 jpg、pdf 或 gif 文件";
    case ApiError::kFailedOperationInvalidFileType:
      return "不接受该文件类型";
    case ApiError::kFailedOperationInvalidParam:
      return "参数未通过业务校验";
    case ApiError::kFailedOperationMainDomainCertificateCountLimit:
      return "该主域名的免费证书数量已达上限";
    case ApiError::kFailedOperationManagerCanNotDeleteCa:
      return "管理人已提交至 CA 机构，不能删除";
    case ApiError::kFailedOperationManagerCanNotDeleteCert:
      return "管理人名下有证书，不能删除";
    case ApiError::kFailedOperationNetworkError:
      return "CA 机构繁忙或无法连接，请稍后重试";
    case ApiError::kFailedOperationNoProjectPermission:
      return "没有该项目的权限或项目不存在";
    case ApiError::kFailedOperationNoRealNameAuth:
      return "账号尚未实名认证";
    case ApiError::kFailedOperationOrderAlreadyReplaced:
      return "该订单已重颁发或正在重颁发";
    case ApiError::kFailedOperationOrderReplaceFailed:
      return "重颁发失败";
    case ApiError::kFailedOperationPackageCountLimit:
      return "权益包余量不足";
    case ApiError::kFailedOperationPackageExpired:
      return "权益包已过期";
    case ApiError::kFailedOperationPackageNotFound:
      return "权益包不存在";
    case ApiError::kFailedOperationRenewNotIssued:
      return "续费证书尚未签发";
    case ApiError::kFailedOperationRevokeFailed:
      return "吊销证书失败";
    case ApiError::kFailedOperationRevokeResourceFailed:
      return "证书已关联云资源，吊销被拒绝";
    case ApiError::kFailedOperationRoleNotFoundAuthorization:
      return "缺少所需的服务角色授权";
    case ApiError::kFailedOperationSystemError:
      return "系统出错，请稍后重试";
    case ApiError::kFailedOperationTradeError:
      return "计费交易未成功";
    case ApiError::kFailedOperationUploadConfirmCertificateNotSupport:
      return "该证书的确认函只能在控制台上传";
    case ApiError::kFailedOperationUploadConfirmCertificateNotSupportDV:
      return "DV 证书无需确认函";
    case ApiError::kInternalError:
      return "服务内部错误";
    case ApiError::kInternalErrorBackendResponseEmpty:
      return "后端服务没有返回内容";
    case ApiError::kInternalErrorBackendResponseError:
      return "后端服务返回的内容有误";
    case ApiError::kInvalidAction:
      return "接口不存在";
    case ApiError::kInvalidParameter:
      return "参数的格式或类型不正确";
    case ApiError::kInvalidParameterCertificateIdNumberLimit:
      return "证书 ID 的数量超过上限";
    case ApiError::kInvalidParameterCertificateStatusNotAllowResubmit:
      return "该状态的证书不允许重新提交";
    case ApiError::kInvalidParameterCertificatesNumberExceeded:
      return "一次操作的证书数量过多";
    case ApiError::kInvalidParameterContainsInvalidCertificateId:
      return "列表中含有无效的证书 ID";
    case ApiError::kInvalidParameterDomainCountInvalid:
      return "域名数量不符合要求";
    case ApiError::kInvalidParameterDomainInvalid:
      return "域名格式不正确";
    case ApiError::kInvalidParameterInvalidCSRId:
      return "CSR 记录不存在";
    case ApiError::kInvalidParameterMissMatchPrivateKey:
      return "缺少匹配的私钥";
    case ApiError::kInvalidParameterPackageIdsInvalid:
      return "权益包 ID 列表不正确";
    case ApiError::kInvalidParameterPeriodInvalid:
      return "证书年限不符合要求";
    case ApiError::kInvalidParameterProductPidInvalid:
      return "产品 PID 无效";
    case ApiError::kInvalidParameterRegionNotEmpty:
      return "必须指定地域";
    case ApiError::kInvalidParameterRenewAlgorithmInvalid:
      return "密钥算法不符合要求";
    case ApiError::kInvalidParameterRenewCsrInvalid:
      return "不能使用该 CSR";
    case ApiError::kInvalidParameterRenewGenCsrMethodInvalid:
      return "CSR 的生成方式不符合要求";
    case ApiError::kInvalidParameterTag:
      return "标签参数不正确";
    case ApiError::kInvalidParameterWithDetailReason:
      return "参数有误，原因见详情";
    case ApiError::kInvalidParameterValue:
      return "参数取值不正确";
    case ApiError::kInvalidParameterValueCertificateDomainMaxLengthInvalid:
      return "域名长度超过上限";
    case ApiError::kInvalidParameterValueCertificateEmailParseInvalid:
      return "邮箱地址无法解析";
    case ApiError::kInvalidParameterValueDeleteTagsParamError:
      return "要删除的标签不能同时是要修改的标签";
    case ApiError::kInvalidParameterValueIntermediateCertNotSame:
      return "中间证书不一致";
    case ApiError::kInvalidParameterValueRegionInvalid:
      return "地域不正确";
    case ApiError::kInvalidParameterValueResourceDescriptionError:
      return "资源描述不正确";
    case ApiError::kInvalidParameterValueResourceIdInvalid:
      return "资源 ID 不正确";
    case ApiError::kInvalidParameterValueResourcePrefixInvalid:
      return "资源前缀不正确";
    case ApiError::kInvalidParameterValueServiceTypeInvalid:
      return "业务类型不正确";
    case ApiError::kInvalidParameterValueTagKeyCharacterIllegal:
      return "标签键包含不允许的字符";
    case ApiError::kInvalidParameterValueTagKeyEmpty:
      return "标签键不能为空";
    case ApiError::kInvalidParameterValueTagKeyLengthExceeded:
      return "标签键长度超过上限";
    case ApiError::kInvalidParameterValueTagValueCharacterIllegal:
      return "标签值包含不允许的字符";
    case ApiError::kInvalidParameterValueTagValueLengthExceeded:
      return "标签值长度超过上限";
    case ApiError::kInvalidRequest:
      return "请求体格式不正确";
    case ApiError::kIpInBlacklist:
      return "来源 IP 在黑名单中";
    case ApiError::kIpNotInWhitelist:
      return "来源 IP 不在白名单中";
    case ApiError::kLimitExceeded:
      return "超过配额限制";
    case ApiError::kLimitExceededRateLimitExceeded:
      return "操作过于频繁，请稍后重试";
    case ApiError::kLimitExceededResourceAttachedTags:
      return "资源的标签数超过上限";
    case ApiError::kMissingParameter:
      return "缺少必填参数";
    case ApiError::kNoSuchProduct:
      return "服务不存在";
    case ApiError::kNoSuchVersion:
      return "接口版本不存在";
    case ApiError::kRequestLimitExceeded:
      return "请求频率超过限制";
    case ApiError::kRequestLimitExceededGlobalRegionUinLimitExceeded:
      return "账号在全部地域的请求频率超过限制";
    case ApiError::kRequestLimitExceededIPLimitExceeded:
      return "来源 IP 的请求频率超过限制";
    case ApiError::kRequestLimitExceededUinLimitExceeded:
      return "账号的请求频率超过限制";
    case ApiError::kRequestSizeLimitExceeded:
      return "请求大小超过上限";
    case ApiError::kResourceInUse:
      return "资源正被占用";
    case ApiError::kResourceInsufficient:
      return "资源不足";
    case ApiError::kResourceNotFound:
      return "资源不存在";
    case ApiError::kResourceNotFoundManager:
      return "管理人不存在";
    case ApiError::kResourceUnavailable:
      return "资源不可用";
    case ApiError::kResponseSizeLimitExceeded:
      return "返回结果大小超过上限";
    case ApiError::kServiceUnavailable:
      return "服务暂不可用，请稍后重试";
    case ApiError::kUnauthorizedOperation:
      return "操作未获授权";
    case ApiError::kUnknownParameter:
      return "未知的参数";
    case ApiError::kUnsupportedOperation:
      return "不支持该操作";
    case ApiError::kUnsupportedProtocol:
      return "不支持该请求方法，仅支持 GET 和 POST";
    case ApiError::kUnsupportedRegion:
      return "不支持该地域";
  }
  return "";
}

}  // namespace certwright
