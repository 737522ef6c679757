#include "server/transport/grpc_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>

#include <chrono>
#include <deque>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "core/status_macros.h"
#include "grpc/health/v1/health.pb.h"
#include "server/transport/acceptor.h"
#include "server/transport/body_budget.h"
#include "server/transport/grpc_credentials.h"
#include "server/transport/grpc_reflection.h"

namespace certwright {
namespace {

// What the library keeps of messages that are not complete. It ends calls to stay below, and serves
// small ones meanwhile.
constexpr std::size_t kMaxBufferedBytes = 512 * 1024 * 1024;
// How much larger than allowed a message may be for its refusal to be ours.
constexpr std::size_t kReadFactor = 4;
constexpr int kMaxMetadataBytes = 64 * 1024;
constexpr int kMaxCallsPerConnection = 1000;
constexpr int kPingMilliseconds = 60'000;
constexpr int kPingAnswerMilliseconds = 20'000;

// "ipv4:127.0.0.1:50000" and "ipv6:%5B::1%5D:50000" without scheme, brackets and port.
std::string PeerName(absl::string_view peer) {
  peer.remove_prefix(std::min(peer.find(':') + 1, peer.size()));
  const absl::string_view address = peer.substr(0, peer.rfind(':'));
  return absl::StrReplaceAll(address,
                             {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}, {"::ffff:", ""}});
}

bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

// What an envelope tells of where it came in.
struct Listener {
  bool is_secure = false;
  bool is_loopback = false;
};

Listener ListenerOf(const GrpcServer::Options& options) {
  return {.is_secure = options.tls != nullptr, .is_loopback = IsLoopback(options.host)};
}

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  bytes.reserve(buffer.Length());
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Counts calls from their start until their answer is on its way.
class CallCounter {
 public:
  // False once draining.
  bool Enter() {
    absl::MutexLock lock(&mutex_);
    if (is_draining_) return false;
    ++count_;
    return true;
  }
  void Leave() {
    absl::MutexLock lock(&mutex_);
    --count_;
  }
  void Drain(absl::Duration timeout) {
    absl::MutexLock lock(&mutex_);
    is_draining_ = true;
    const auto is_empty = [](int* count) { return *count == 0; };
    mutex_.AwaitWithTimeout(absl::Condition(+is_empty, &count_), timeout);
  }

 private:
  absl::Mutex mutex_;
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

grpc::Status StatusOf(const Reply& reply) {
  return grpc::Status(static_cast<grpc::StatusCode>(reply.grpc_status), reply.grpc_message,
                      reply.grpc_details);
}

template <typename Context>
void SayRequestId(const Reply& reply, Context& context) {
  if (!reply.request_id.empty()) context.AddTrailingMetadata("x-tc-requestid", reply.request_id);
}

// What is known of a call before its message.
Envelope WrapHeaders(const std::string& path, const grpc::ServerContextBase& context,
                     absl::string_view authority, const std::string& peer,
                     const Listener& listener) {
  Envelope envelope = {.protocol = Protocol::kGrpc, .method = "POST", .path = path};
  envelope.headers.emplace_back("host", std::string(authority));
  for (const auto& [name, value] : context.client_metadata()) {
    // Only the authority says which host was meant.
    if (name == "host") continue;
    envelope.headers.emplace_back(std::string(name.data(), name.size()),
                                  std::string(value.data(), value.size()));
  }
  envelope.peer = PeerName(peer);
  envelope.is_secure = listener.is_secure;
  envelope.is_loopback = listener.is_loopback;
  return envelope;
}

// One call. The library deletes nothing: OnDone is its last word.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(grpc::CallbackServerContext& context, grpc::ByteBuffer& response, CallCounter* counter,
            BodyBudget& bodies)
      : context_(context), response_(response), counter_(counter), share_(bodies) {}

  BodyShare& share() { return share_; }

  void Answer(const Reply& reply) {
    SayRequestId(reply, context_);
    if (reply.grpc_status == 0) {
      const grpc::Slice slice(reply.body);
      response_ = grpc::ByteBuffer(&slice, 1);
    }
    Finish(StatusOf(reply));
  }

 private:
  void OnDone() override {
    share_.Release();  // while the budget is sure to live
    if (counter_ != nullptr) counter_->Leave();
    delete this;
  }

  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer& response_;
  CallCounter* const counter_;  // null if this call is not counted
  BodyShare share_;
};

// The methods of the given services, on raw bytes: signatures cover exactly these. It uses the
// pieces that generated code uses, and is the only place that does.
class RawService : public grpc::Service {
 public:
  RawService(const std::vector<const google::protobuf::ServiceDescriptor*>& services,
             GrpcServer::Handler handler, GrpcServer::UnservedHandler unserved,
             const GrpcServer::Options& options)
      : handler_(std::move(handler)),
        unserved_(std::move(unserved)),
        listener_(ListenerOf(options)),
        max_message_bytes_(options.max_message_bytes),
        bodies_(options.max_held_bytes) {
    for (const google::protobuf::ServiceDescriptor* service : services) {
      for (int i = 0; i < service->method_count(); ++i) {
        Register(absl::StrCat("/", service->full_name(), "/", service->method(i)->name()));
      }
    }
  }

  CallCounter& calls() { return calls_; }

 private:
  void Register(std::string method) {
    const std::string& path = paths_.emplace_back(std::move(method));
    AddMethod(new grpc::internal::RpcServiceMethod(path.c_str(),
                                                   grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    auto start = [this, &path](grpc::CallbackServerContext* context,
                               const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
      return Start(path, *context, *request, *response);
    };
    MarkMethodRawCallback(
        static_cast<int>(paths_.size()) - 1,
        new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(start));
  }

  grpc::ServerUnaryReactor* Start(const std::string& path, grpc::CallbackServerContext& context,
                                  const grpc::ByteBuffer& request, grpc::ByteBuffer& response) {
    const bool is_counted = calls_.Enter();
    auto* const call = new UnaryCall(context, response, is_counted ? &calls_ : nullptr, bodies_);
    const grpc::string_ref authority = context.ExperimentalGetAuthority();
    Envelope envelope =
        WrapHeaders(path, context, {authority.data(), authority.size()}, context.peer(), listener_);
    if (!is_counted) {
      call->Answer(unserved_(envelope, GrpcServer::Unserved::kStopping));
    } else if (request.Length() > max_message_bytes_) {
      call->Answer(unserved_(envelope, GrpcServer::Unserved::kTooLarge));
    } else if (!call->share().GrowTo(request.Length())) {
      call->Answer(unserved_(envelope, GrpcServer::Unserved::kNoRoom));
    } else {
      envelope.body = Flatten(request);
      handler_(std::move(envelope), [call](const Reply& reply) { call->Answer(reply); });
    }
    return call;
  }

  const GrpcServer::Handler handler_;
  const GrpcServer::UnservedHandler unserved_;
  const Listener listener_;
  const std::size_t max_message_bytes_;
  std::deque<std::string> paths_;  // the library keeps pointers into these
  CallCounter calls_;
  BodyBudget bodies_;
};

// A call of a method that nobody has.
class LostCall : public grpc::ServerGenericBidiReactor {
 public:
  LostCall(grpc::GenericCallbackServerContext& context, const Reply& reply) {
    SayRequestId(reply, context);
    Finish(StatusOf(reply));
  }

 private:
  void OnDone() override { delete this; }
};

class LostCalls : public grpc::CallbackGenericService {
 public:
  LostCalls(GrpcServer::UnservedHandler unserved, const GrpcServer::Options& options)
      : unserved_(std::move(unserved)), listener_(ListenerOf(options)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    const Envelope envelope =
        WrapHeaders(context->method(), *context, context->host(), context->peer(), listener_);
    return new LostCall(*context, unserved_(envelope, GrpcServer::Unserved::kNoMethod));
  }

 private:
  const GrpcServer::UnservedHandler unserved_;
  const Listener listener_;
};

// One client's questions, answered one after the other.
class ReflectionStream
    : public grpc::ServerBidiReactor<GrpcReflection::Request, GrpcReflection::Response> {
 public:
  explicit ReflectionStream(const GrpcReflection& reflection) : reflection_(reflection) {
    StartRead(&request_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    response_ = reflection_.Answer(request_, sent_);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

  const GrpcReflection& reflection_;
  GrpcReflection::Request request_;
  GrpcReflection::Response response_;
  std::set<std::string> sent_;
};

// Under the name of v1 too: its messages are the same on the wire, and newer tools ask it first.
class ReflectionService : public grpc::Service {
 public:
  ReflectionService(absl::string_view descriptor_set, std::vector<std::string> services)
      : reflection_(descriptor_set, std::move(services)) {
    using Handler =
        grpc::internal::CallbackBidiHandler<GrpcReflection::Request, GrpcReflection::Response>;
    int index = 0;
    for (const char* path : {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                             "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"}) {
      AddMethod(new grpc::internal::RpcServiceMethod(
          path, grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
      MarkMethodCallback(index++, new Handler([this](grpc::CallbackServerContext*) {
                           return new ReflectionStream(reflection_);
                         }));
    }
  }

 private:
  const GrpcReflection reflection_;
};

std::vector<std::string> NamesOf(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  std::vector<std::string> names;
  names.reserve(services.size() + 2);
  for (const google::protobuf::ServiceDescriptor* service : services) {
    names.push_back(service->full_name());
  }
  // Asking the messages also makes the linker keep their descriptors.
  names.push_back(
      grpc::health::v1::HealthCheckRequest::descriptor()->file()->service(0)->full_name());
  names.push_back(GrpcReflection::Request::descriptor()->file()->service(0)->full_name());
  return names;
}

class RawGrpcServer : public GrpcServer {
 public:
  RawGrpcServer(const Options& options,
                const std::vector<const google::protobuf::ServiceDescriptor*>& services,
                Handler handler, const UnservedHandler& unserved)
      : names_(NamesOf(services)),
        raw_(services, std::move(handler), unserved, options),
        lost_(unserved, options),
        reflection_(options.descriptor_set, names_),
        credentials_(options.tls != nullptr ? TlsCredentials(*options.tls)
                                            : grpc::InsecureServerCredentials()) {}

  ~RawGrpcServer() override {
    acceptor_.reset();  // before the server: it would leak what comes later
    if (server_) server_->Shutdown();
  }

  absl::Status Listen(const Options& options) {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    Limit(options, builder);
    entrance_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials_);
    builder.RegisterService(&raw_);
    builder.RegisterService(&reflection_);
    builder.RegisterCallbackGenericService(&lost_);
    const auto take = [this](int listener, int connection) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
      parameters.listener_fd = listener;
      parameters.fd = connection;
      entrance_->HandleNewConnection(&parameters);
    };
    ASSIGN_OR_RETURN(
        acceptor_,
        Acceptor::Listen({.host = options.host, .port = options.port, .on_crowd = options.on_crowd},
                         take));
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return absl::InternalError("the gRPC library did not start");
    acceptor_->Start();
    for (const std::string& name : names_) {
      server_->GetHealthCheckService()->SetServingStatus(name, true);
    }
    return absl::OkStatus();
  }

  int port() const override { return acceptor_->port(); }

  void Drain(absl::Duration timeout) override {
    server_->GetHealthCheckService()->Shutdown();
    raw_.calls().Drain(timeout);
    acceptor_->Stop();
    // What is left now are streams of reflection and health, which end with the server.
    server_->Shutdown(std::chrono::system_clock::now());
  }

 private:
  static void Limit(const Options& options, grpc::ServerBuilder& builder) {
    builder.SetMaxReceiveMessageSize(static_cast<int>(kReadFactor * options.max_message_bytes));
    builder.SetResourceQuota(grpc::ResourceQuota().Resize(kMaxBufferedBytes));
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxCallsPerConnection);
    builder.AddChannelArgument(
        GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
        static_cast<int>(absl::ToInt64Milliseconds(options.handshake_timeout)));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kPingMilliseconds);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingAnswerMilliseconds);
  }

  const std::vector<std::string> names_;
  RawService raw_;
  LostCalls lost_;
  ReflectionService reflection_;
  const std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> entrance_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const Options& options, const std::vector<const google::protobuf::ServiceDescriptor*>& services,
    Handler handler, UnservedHandler unserved) {
  if (absl::c_linear_search(services, nullptr)) {
    return absl::InvalidArgumentError("a service has no descriptor: was its file linked?");
  }
  auto server = std::make_unique<RawGrpcServer>(options, services, std::move(handler), unserved);
  if (absl::Status listens = server->Listen(options); !listens.ok()) return listens;
  return server;
}

}  // namespace certwright
