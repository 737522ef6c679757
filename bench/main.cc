// certwright_bench: how fast the service is, beside what the machine can do in the same run.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/child.h"
#include "bench/limits.h"
#include "bench/load.h"
#include "bench/requests.h"
#include "bench/signatures.h"
#include "bench/steps.h"
#include "bench/tls_files.h"
#include "core/account_service.h"
#include "core/crypto/sealer.h"
#include "server/auth/verifier.h"
#include "server/catalogue_file.h"
#include "server/commands/client.h"
#include "server/system.h"
#include "server/transport/grpc_client.h"
#include "storage/sqlite_store.h"

namespace certwright::bench {
namespace {

struct Options {
  std::string program = {};
  int seconds = 5;
  int connections = 32;
  std::string only = "all";
  std::string echo = {};
  std::size_t bytes = 1024;

  absl::Duration time() const { return absl::Seconds(seconds); }
  bool Wants(absl::string_view part) const { return only == "all" || only == part; }
};

void Say(const std::string& what) { std::fprintf(stderr, "bench: %s ...\n", what.c_str()); }

void Row(const std::string& what, const Result& result, const std::string& limit,
         double limit_rate) {
  const std::string processor =
      result.processor == absl::ZeroDuration()
          ? ""
          : absl::StrFormat("%.1f", absl::ToDoubleMicroseconds(result.processor));
  std::printf("| %s | %.0f | %.2f | %.2f | %s | %s %.0f | %.2f |%s\n", what.c_str(),
              result.per_second, absl::ToDoubleMilliseconds(result.p50),
              absl::ToDoubleMilliseconds(result.p99), processor.c_str(), limit.c_str(), limit_rate,
              result.per_second / limit_rate,
              result.failures > 0 ? absl::StrCat(" ", result.failures, " FAILED").c_str() : "");
  std::fflush(stdout);
}

// Runs a load and notes what it cost `server`.
Result Costed(const Child& server, const std::function<Result()>& load) {
  const absl::Duration before = server.ProcessorTime();
  Result result = load();
  if (result.units > 0) result.processor = (server.ProcessorTime() - before) / result.units;
  return result;
}

NextRequest Same(std::string request) {
  return [request = std::move(request)](int, absl::string_view, bool& is_unit_start) {
    is_unit_start = true;
    return request;
  };
}

std::string Apply(const Endpoint& endpoint, std::int64_t number) {
  return HttpRequest(
      endpoint, "ApplyCertificate",
      absl::StrCat(R"({"DvAuthMethod":"DNS","DomainName":"bench)", number, ".bench", number,
                   R"(.test","CsrEncryptAlgo":"ECC","CsrKeyParameter":"prime256v1"})"));
}

// Apply, then complete; the certificate is issued before the second answers.
class Issuing {
 public:
  Issuing(const Endpoint& endpoint, int connections)
      : endpoint_(endpoint), is_applied_(static_cast<std::size_t>(connections)) {}

  std::string Next(int connection, absl::string_view body, bool& is_unit_start) {
    const bool applied = is_applied_[static_cast<std::size_t>(connection)];
    is_unit_start = !applied;
    is_applied_[static_cast<std::size_t>(connection)] = !applied;
    const std::string id = TextMember(body, "CertificateId");
    if (applied) {
      return HttpRequest(endpoint_, "CompleteCertificate",
                         absl::StrCat(R"({"CertificateId":")", id, R"("})"));
    }
    if (!id.empty()) last_id_ = id;
    return Apply(endpoint_, ++number_);
  }

  const std::string& last_id() const { return last_id_; }  // of one that is issued

 private:
  const Endpoint& endpoint_;
  std::vector<bool> is_applied_;
  std::int64_t number_ = absl::ToUnixMillis(absl::Now()) * 1000;
  std::string last_id_;
};

// Certificates to read where none were issued before.
void FillPage(const Endpoint& endpoint, std::string& id) {
  Issuing issuing(endpoint, 1);
  for (int i = 0; id.empty() || i < 20; ++i) {
    RunHttp(endpoint.http_port, 1, absl::Milliseconds(20),
            [&](int connection, absl::string_view body, bool& is_unit_start) {
              return issuing.Next(connection, body, is_unit_start);
            });
    id = issuing.last_id();
  }
}

Result RunIssuing(const Endpoint& endpoint, int connections, absl::Duration time, std::string& id) {
  Issuing issuing(endpoint, connections);
  const Result result = RunHttp(endpoint.http_port, connections, time,
                                [&](int connection, absl::string_view body, bool& is_unit_start) {
                                  return issuing.Next(connection, body, is_unit_start);
                                });
  id = issuing.last_id();
  return result;
}

std::size_t AnswerBytes(const Endpoint& endpoint, const std::string& request) {
  std::size_t bytes = 0;
  RunHttp(endpoint.http_port, 1, absl::Milliseconds(50),
          [&](int, absl::string_view body, bool& is_unit_start) {
            bytes = std::max(bytes, body.size());
            is_unit_start = true;
            return request;
          });
  return bytes;
}

Result MeasureHttpRead(const Options& options, const Child& service, const Endpoint& endpoint,
                       const std::string& what, const std::string& request) {
  Say(absl::StrCat(what, " over HTTP"));
  const std::size_t bytes = AnswerBytes(endpoint, request);
  const Child echo = Child::StartEcho("http", bytes);
  const Result limit =
      RunHttp(std::atoi(echo.output().c_str()), options.connections, options.time(), Same(request));
  const Result result = Costed(service, [&] {
    return RunHttp(endpoint.http_port, options.connections, options.time(), Same(request));
  });
  Row(absl::StrCat(what, ", HTTP, ", bytes, " B"), result, "bare echo", limit.per_second);
  return result;
}

// The same read over TLS, on connections that stay.
void MeasureHttpsRead(const Options& options, const Child& service, const Endpoint& endpoint,
                      const std::string& what, const std::string& request, const Result& plain) {
  Say(absl::StrCat(what, " over HTTPS"));
  const Result result = Costed(service, [&] {
    return RunHttp(endpoint.https_port, options.connections, options.time(), Same(request), true);
  });
  Row(absl::StrCat(what, ", HTTPS"), result, "plain HTTP", plain.per_second);
}

Result RunGrpc(const Options& options, const std::string& target, const std::string& method,
               const std::string& message, const HeaderList& metadata) {
  const int threads = 8;
  std::vector<std::unique_ptr<GrpcClient>> clients;
  for (int i = 0; i < threads; ++i) clients.push_back(std::make_unique<GrpcClient>(target));
  return RunThreads(threads, options.time(), [&](int index) {
    return clients[static_cast<std::size_t>(index)]
               ->Call(method, message, metadata, absl::Seconds(30))
               .status == 0;
  });
}

void MeasureGrpcRead(const Options& options, const Child& service, const Endpoint& endpoint,
                     const std::string& action, const std::string& json) {
  Say(absl::StrCat(action, " over gRPC"));
  ClientOptions client;
  client.grpc = endpoint.grpc;
  client.secret_id = endpoint.secret_id;
  client.secret_key = endpoint.secret_key;
  const auto* rpc = *FindRpc(action);
  const std::string method = FullMethod(*rpc);
  const std::string message = (*RequestOf(*rpc, json))->SerializeAsString();
  const HeaderList metadata = SignedGrpcMetadata(client, method, &message, absl::Now());
  const std::size_t bytes =
      GrpcClient(endpoint.grpc).Call(method, message, metadata, absl::Seconds(5)).bytes.size();
  const Child echo = Child::StartEcho("grpc", bytes);
  const Result limit =
      RunGrpc(options, absl::StrCat("127.0.0.1:", std::atoi(echo.output().c_str())), method,
              message, metadata);
  const Result result =
      Costed(service, [&] { return RunGrpc(options, endpoint.grpc, method, message, metadata); });
  Row(absl::StrCat(action, ", gRPC, ", bytes, " B"), result, "bare gRPC echo", limit.per_second);
}

// The share of a signed read: that read's server CPU stands in its own row.
void MeasureSignatureCheck(const Options& options) {
  SystemClock clock;
  SystemRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  const auto store = *OpenSqliteStore({.path = ":memory:"}, sealer);
  const Credential credential = *AccountService(*store, clock, random).EnsureDemo();
  const double signatures = SignaturesPerSecond(absl::Seconds(1));
  // The other key is nobody's: what a refusal costs.
  Credential unknown = credential;
  unknown.id.value.back() = unknown.id.value.back() == 'A' ? 'B' : 'A';
  std::vector<SignedRequest> requests = SignedEachWay(credential, clock.Now());
  requests.push_back(
      {"TC3, JSON, of an unknown key", SignedEachWay(unknown, clock.Now())[0].envelope});
  for (const auto& [way, envelope] : requests) {
    Say(absl::StrCat("the signature check alone: ", way));
    Verifier verifier(*store, clock, {});
    const bool is_good = verifier.Verify(envelope).ok();
    const std::clock_t before = std::clock();
    Result result = RunThreads(1, options.time(), [&, &one = envelope](int) {
      return verifier.Verify(one).ok() == is_good;
    });
    if (result.units > 0) {
      result.processor = absl::Seconds(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC /
                                       static_cast<double>(result.units));
    }
    Row(absl::StrCat("signature check alone, ", way), result, "P-256 signatures of one core",
        signatures);
  }
}

void MeasureIssuing(const Options& options, const Child& service, const Endpoint& endpoint,
                    const std::string& folder, std::string& id) {
  Say("durable writes and signatures of this machine");
  const double durable = DurableWritesPerSecond(folder, absl::Seconds(2));
  const double signatures = SignaturesPerSecond(absl::Seconds(1));
  Say("applying to issued, one client");
  const Result one = Costed(service, [&] { return RunIssuing(endpoint, 1, options.time(), id); });
  Say(absl::StrCat("applying to issued, ", options.connections, " clients"));
  const Result many = Costed(
      service, [&] { return RunIssuing(endpoint, options.connections, options.time(), id); });
  Row("apply to issued, P-256, 1 client", one, "durable writes", durable);
  const std::string what =
      absl::StrCat("apply to issued, P-256, ", options.connections, " clients");
  Row(what, many, "durable writes", durable);
  Row(what, many, "P-256 signatures of one core", signatures);
  Row(what, many, "1 client", one.per_second);
}

// One order each, paid with cash: one group commit.
void MeasureBuying(const Options& options, const Child& service, const Endpoint& endpoint,
                   const std::string& folder) {
  Say("durable writes of this machine");
  const double durable = DurableWritesPerSecond(folder, absl::Seconds(2));
  const auto once = [&](const std::string& request) {
    std::string answer;
    RunHttp(endpoint.http_port, 1, absl::Milliseconds(20),
            [&](int, absl::string_view body, bool& is_unit_start) {
              if (answer.empty()) answer = std::string(body);
              is_unit_start = true;
              return request;
            });
    return answer;
  };
  once(ExtensionRequest(endpoint, "CreditAccount", R"({"Kind":"cash","Amount":100000000000000})"));
  const std::string buy =
      HttpRequest(endpoint, "CreateCertificate", R"({"ProductId":6,"DomainNum":1,"TimeSpan":1})");
  const std::string bought = once(buy);
  const std::size_t at = bought.find("\"CertificateIds\":[\"");
  if (at == std::string::npos) {
    std::fprintf(stderr, "bench: nothing was bought: %s\n", bought.c_str());
    std::exit(1);
  }
  const std::string id = bought.substr(at + 19, 8);
  Say("buying, one client");
  const Result one =
      Costed(service, [&] { return RunHttp(endpoint.http_port, 1, options.time(), Same(buy)); });
  Say(absl::StrCat("buying, ", options.connections, " clients"));
  const Result many = Costed(service, [&] {
    return RunHttp(endpoint.http_port, options.connections, options.time(), Same(buy));
  });
  Row("buy an order, 1 client", one, "durable writes", durable);
  const std::string what = absl::StrCat("buy an order, ", options.connections, " clients");
  Row(what, many, "durable writes", durable);
  Row(what, many, "1 client", one.per_second);
  MeasureHttpRead(options, service, endpoint, "DescribeRefundQuote",
                  ExtensionRequest(endpoint, "DescribeRefundQuote",
                                   absl::StrCat(R"({"CertificateId":")", id, R"("})")));
}

// From the start of the process to its first signed answer, over an existing database.
void MeasureStart(const Options& options, const std::string& data) {
  Say("start to first answer, idle memory");
  const absl::Time start = absl::Now();
  const Child again = Child::Start({options.program, "serve", "--demo", "--quiet", "--data", data,
                                    "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"});
  const Endpoint endpoint = ReadEndpoint(data);
  absl::Duration took = absl::ZeroDuration();
  RunHttp(endpoint.http_port, 1, absl::Milliseconds(200),
          [&, request = HttpRequest(endpoint, "DescribeCertificates", "{\"Limit\":1}")](
              int, absl::string_view body, bool& is_unit_start) {
            if (!body.empty() && took == absl::ZeroDuration()) took = absl::Now() - start;
            is_unit_start = true;
            return request;
          });
  std::printf("\nStart to first answer over the existing database: %.0f ms\n",
              absl::ToDoubleMilliseconds(took));
  std::printf("Resident memory then: %.1f MiB\n",
              static_cast<double>(again.ResidentKilobytes()) / 1024);
}

void MeasureReads(const Options& options, const Child& service, const Endpoint& endpoint,
                  std::string id) {
  if (id.empty()) FillPage(endpoint, id);
  const std::string one = absl::StrCat(R"({"CertificateId":")", id, R"("})");
  const std::string page = R"({"Limit":20})";
  const Result read = MeasureHttpRead(options, service, endpoint, "DescribeCertificate",
                                      HttpRequest(endpoint, "DescribeCertificate", one));
  MeasureHttpsRead(options, service, endpoint, "DescribeCertificate",
                   HttpRequest(endpoint, "DescribeCertificate", one), read);
  MeasureHttpRead(options, service, endpoint, "DescribeCertificates, page of 20",
                  HttpRequest(endpoint, "DescribeCertificates", page));
  MeasureGrpcRead(options, service, endpoint, "DescribeCertificate", one);
  MeasureGrpcRead(options, service, endpoint, "DescribeCertificates", page);
  const absl::Duration steps = AdmitAndDecode(absl::Seconds(1));
  std::printf(
      "\nAdmit and decode of a DescribeCertificate with a policy: %.1f µs, %.2f of its %.0f\n",
      absl::ToDoubleMicroseconds(steps), absl::FDivDuration(steps, read.processor),
      absl::ToDoubleMicroseconds(read.processor));
}

int Run(const Options& options) {
  std::string pattern = (std::filesystem::current_path() / "bench-data-XXXXXX").string();
  const std::string folder = mkdtemp(pattern.data());
  const std::string data = folder + "/data";
  const std::string config = folder + "/config";
  std::ofstream(config) << "free_quota: 10000000 free_quota_per_domain: 10000000\n";
  std::printf(
      "| what | per second | p50 ms | p99 ms | server CPU µs | limit in the same run, per second | "
      "ratio |\n|---|---|---|---|---|---|---|\n");
  if (options.only != "signature") {
    std::vector<std::string> command = {options.program, "serve",       "--demo",   "--quiet",
                                        "--data",        data,          "--http",   "127.0.0.1:0",
                                        "--grpc",        "127.0.0.1:0", "--config", config};
    for (const std::string& flag : TlsFlags(folder)) command.push_back(flag);
    const Child service = Child::Start(command);
    const Endpoint endpoint = ReadEndpoint(data);
    std::string id;
    if (options.Wants("issuing")) MeasureIssuing(options, service, endpoint, folder, id);
    if (options.Wants("billing")) MeasureBuying(options, service, endpoint, folder);
    if (options.Wants("reads")) MeasureReads(options, service, endpoint, id);
  }
  if (options.Wants("signature")) MeasureSignatureCheck(options);
  if (options.Wants("start")) MeasureStart(options, data);
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace certwright::bench

int main(int argc, char** argv) {
  certwright::bench::Options options;
  CLI::App app{
      "Measures the service on loopback, beside the machine's own limits, and prints a\n"
      "Markdown table. Everything it starts, it ends.",
      "certwright_bench"};
  app.add_option("--program", options.program, "The certwright to measure")
      ->check(CLI::ExistingFile);
  app.add_option("--seconds", options.seconds, "Length of each measurement")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  app.add_option("--connections", options.connections, "Keep-alive connections")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--only", options.only, "One part of it")
      ->check(CLI::IsMember({"all", "issuing", "billing", "reads", "signature", "start"}))
      ->capture_default_str();
  app.add_option("--echo", options.echo)->group("");
  app.add_option("--bytes", options.bytes)->group("");
  CLI11_PARSE(app, argc, argv);
  if (const absl::Status status = certwright::InstallBuiltInCatalogue(); !status.ok()) {
    std::fprintf(stderr, "bench: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  if (!options.echo.empty()) return certwright::bench::RunEcho(options.echo, options.bytes);
  if (options.program.empty() && options.only != "signature") {  // which starts no service
    std::fprintf(stderr, "bench: --program names no certwright; build/bench/certwright is one\n");
    return 2;
  }
  return certwright::bench::Run(options);
}
