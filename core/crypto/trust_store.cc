#include "core/crypto/trust_store.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "core/crypto/names.h"
#include "core/crypto/openssl.h"
#include "core/crypto/outline.h"

namespace certwright {
namespace {

// Their keys stay undecoded until one is needed: there are more than a hundred.
struct Root {
  std::string der = {};
  OutlinePtr outline = {};
};

std::string NameForPeople(const X509_NAME* name) {
  for (const int kind : {NID_commonName, NID_organizationalUnitName, NID_organizationName}) {
    const absl::StatusOr<std::string> text = TextOf(name, kind);
    if (text.ok() && !text->empty()) return *text;
  }
  return "";
}

X509Ptr Parse(absl::string_view der) {
  const unsigned char* at = Bytes(der);
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

bool IsIssuedBy(X509* subject, X509* issuer) {
  return X509_NAME_cmp(X509_get_issuer_name(subject), X509_get_subject_name(issuer)) == 0 &&
         X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
}

bool IsWithinDates(const X509* certificate, absl::Time now) {
  std::time_t moment = absl::ToTimeT(now);
  return X509_cmp_time(X509_get0_notBefore(certificate), &moment) < 0 &&
         X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0;
}

// Certificates and who issued whom.
class Graph {
 public:
  Graph(const std::vector<std::string>& certificates_der, const TrustStore& roots, absl::Time now) {
    for (const std::string& der : certificates_der) Add(der, roots.Holds(der), now);
    given_ = nodes_.size();
    for (std::size_t i = 0; i < given_; ++i) {
      for (const std::string& der : roots.PossibleIssuers(nodes_[i].der)) Add(der, true, now);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) Link(i);
    leaf_ = FindLeaf();
  }

  ChainPath BestPath() const {
    const Walk current = WalkUp(true);
    const Walk all = WalkUp(false);
    const bool is_leaf_current = nodes_[leaf_].is_current;
    const auto pick = [&]() -> std::pair<const Walk&, std::size_t> {
      if (is_leaf_current && current.trusted) return {current, *current.trusted};
      if (is_leaf_current && current.root) return {current, *current.root};
      if (all.trusted) return {all, *all.trusted};
      return {all, all.root.value_or(all.last)};
    };
    const auto [walk, end] = pick();
    ChainPath path = {.is_complete = nodes_[end].is_root,
                      .is_current = true,
                      .uses_everything = true,
                      .is_trusted = nodes_[end].is_trusted};
    for (std::optional<std::size_t> at = end; at; at = walk.below[*at]) {
      path.names.insert(path.names.begin(), nodes_[*at].name);
      path.is_current = path.is_current && nodes_[*at].is_current;
    }
    for (std::size_t i = 0; i < given_; ++i) {
      path.uses_everything = path.uses_everything && all.is_seen[i];
    }
    return path;
  }

 private:
  struct Node {
    std::string der = {};
    X509Ptr certificate = {};
    std::string name = {};
    bool is_trusted = false;
    bool is_root = false;
    bool is_current = false;
    std::vector<std::size_t> issuers = {};
  };

  // Nearest first: no certificate is passed twice, however they sign each other.
  struct Walk {
    std::vector<bool> is_seen = {};
    std::vector<std::optional<std::size_t>> below = {};
    std::optional<std::size_t> trusted = {};
    std::optional<std::size_t> root = {};
    std::size_t last = 0;
  };

  void Add(const std::string& der, bool is_trusted, absl::Time now) {
    if (absl::c_any_of(nodes_, [&](const Node& node) { return node.der == der; })) return;
    X509Ptr certificate = Parse(der);
    if (certificate == nullptr) return;
    X509* const raw = certificate.get();
    nodes_.push_back({.der = der,
                      .certificate = std::move(certificate),
                      .name = NameForPeople(X509_get_subject_name(raw)),
                      .is_trusted = is_trusted,
                      .is_root = is_trusted || IsIssuedBy(raw, raw),
                      .is_current = IsWithinDates(raw, now)});
  }

  void Link(std::size_t subject) {
    for (std::size_t issuer = 0; issuer < nodes_.size(); ++issuer) {
      X509* const above = nodes_[issuer].certificate.get();
      const bool may_issue = nodes_[issuer].is_trusted || X509_check_ca(above) != 0;
      if (issuer != subject && may_issue && IsIssuedBy(nodes_[subject].certificate.get(), above)) {
        nodes_[subject].issuers.push_back(issuer);
      }
    }
  }

  std::size_t FindLeaf() const {
    std::vector<bool> has_issued(nodes_.size());
    for (std::size_t i = 0; i < given_; ++i) {
      for (const std::size_t issuer : nodes_[i].issuers) has_issued[issuer] = true;
    }
    std::optional<std::size_t> leaf;
    for (std::size_t i = 0; i < given_; ++i) {
      if (has_issued[i]) continue;
      if (X509_check_ca(nodes_[i].certificate.get()) == 0) return i;
      if (!leaf) leaf = i;
    }
    return leaf.value_or(0);
  }

  Walk WalkUp(bool only_current) const {
    Walk walk = {.is_seen = std::vector<bool>(nodes_.size()),
                 .below = std::vector<std::optional<std::size_t>>(nodes_.size()),
                 .last = leaf_};
    std::vector<std::size_t> queue = {leaf_};
    walk.is_seen[leaf_] = true;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::size_t at = queue[i];
      walk.last = at;
      if (nodes_[at].is_trusted && !walk.trusted) walk.trusted = at;
      if (nodes_[at].is_root && !walk.root) walk.root = at;
      for (const std::size_t issuer : nodes_[at].issuers) {
        if (walk.is_seen[issuer] || (only_current && !nodes_[issuer].is_current)) continue;
        walk.is_seen[issuer] = true;
        walk.below[issuer] = at;
        queue.push_back(issuer);
      }
    }
    return walk;
  }

  std::vector<Node> nodes_;
  std::size_t given_ = 0;  // the first ones; behind them stand roots
  std::size_t leaf_ = 0;
};

}  // namespace

struct TrustStore::Roots {
  std::vector<Root> all = {};
};

TrustStore::TrustStore(absl::string_view pem) {
  auto roots = std::make_unique<Roots>();
  const BioPtr text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long length = 0;
  while (PEM_read_bio(text.get(), &name, &header, &bytes, &length) == 1) {
    Root root = {.der =
                     std::string(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length))};
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
    root.outline = ReadOutline(root.der);
    if (root.outline != nullptr) roots->all.push_back(std::move(root));
  }
  ERR_clear_error();
  roots_ = std::move(roots);
}

TrustStore::~TrustStore() = default;

std::size_t TrustStore::size() const { return roots_->all.size(); }

bool TrustStore::Holds(absl::string_view certificate_der) const {
  return absl::c_any_of(roots_->all, [&](const Root& root) { return root.der == certificate_der; });
}

std::vector<std::string> TrustStore::PossibleIssuers(absl::string_view certificate_der) const {
  std::vector<std::string> found;
  const OutlinePtr outline = ReadOutline(certificate_der);
  if (outline == nullptr) return found;
  for (const Root& root : roots_->all) {
    if (X509_NAME_cmp(root.outline->tbs->subject, outline->tbs->issuer) == 0) {
      found.push_back(root.der);
    }
  }
  return found;
}

ChainPath FindChain(const std::vector<std::string>& certificates_der, const TrustStore& roots,
                    absl::Time now) {
  const Graph graph(certificates_der, roots, now);
  ChainPath path = graph.BestPath();
  ERR_clear_error();
  return path;
}

}  // namespace certwright
