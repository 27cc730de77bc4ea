// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/bug.h"
#include "probe/stream.h"

namespace steadfast::probe {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

std::string openssl_words() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "the connection ended in the handshake";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "TLS error " + std::to_string(code);
}

// OpenSSL's own socket BIO writes with write(), and a peer that has gone would
// end the process by SIGPIPE.
int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int put_bytes(BIO* bio, const char* bytes, int count) {
  BIO_clear_retry_flags(bio);
  const auto sent = send(socket_of(bio), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int get_bytes(BIO* bio, char* room, int count) {
  BIO_clear_retry_flags(bio);
  const auto received = recv(socket_of(bio), room, static_cast<std::size_t>(count), 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int mark_ready(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

std::unique_ptr<BIO_METHOD, Free> socket_method() {
  static const int type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK;  // OpenSSL has few of them
  std::unique_ptr<BIO_METHOD, Free> method(BIO_meth_new(type, "steadfast probe"));
  if (!method) return nullptr;
  BIO_meth_set_create(method.get(), mark_ready);
  BIO_meth_set_write(method.get(), put_bytes);
  BIO_meth_set_read(method.get(), get_bytes);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

// The handshake is part of the first write: SSL_connect's state is set before.
class TlsStream final : public Stream {
 public:
  TlsStream(std::unique_ptr<SSL, Free> ssl, const BIO_METHOD* method)
      : ssl_(std::move(ssl)), method_(method) {}

  Transfer write(int socket, std::string_view bytes) override {
    take(socket);
    ERR_clear_error();
    errno = 0;
    return transfer_of(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
  }
  Transfer read(int socket, std::span<char> room) override {
    take(socket);
    ERR_clear_error();
    errno = 0;
    return transfer_of(SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size())));
  }

 private:
  void take(int socket) {
    if (SSL_get_rbio(ssl_.get()) != nullptr) return;
    BIO* bio = BIO_new(method_);
    invariant(bio != nullptr, "memory for a BIO");
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    SSL_set_bio(ssl_.get(), bio, bio);
  }

  Transfer transfer_of(int done) {
    if (done > 0) return {static_cast<std::size_t>(done), false, {}};
    const int os_error = errno;
    switch (SSL_get_error(ssl_.get(), done)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return {};
      case SSL_ERROR_ZERO_RETURN:
        return {0, true, {}};
      case SSL_ERROR_SYSCALL:
        if (os_error != 0) return {0, false, verdict_of_error(os_error)};
        break;
    }
    return {0, false, Verdict{Outcome::tls_failed, why()}};
  }

  std::string why() const {
    const long verified = SSL_get_verify_result(ssl_.get());
    if (SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE && verified != X509_V_OK)
      return X509_verify_cert_error_string(verified);
    return openssl_words();
  }

  std::unique_ptr<SSL, Free> ssl_;
  const BIO_METHOD* method_;
};

// An address is no name: it is compared with the certificate's addresses, and is no SNI.
void expect_host(SSL* ssl, const Check& check) {
  const bool numeric = Address::parse(check.host).has_value();
  if (!check.host.empty() && !numeric) SSL_set_tlsext_host_name(ssl, check.host.c_str());
  if (!check.verify) return;
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  if (numeric)
    X509_VERIFY_PARAM_set1_ip_asc(wanted, check.host.c_str());
  else
    X509_VERIFY_PARAM_set1_host(wanted, check.host.data(), check.host.size());
}

}  // namespace

struct TlsSettings::Context {
  std::unique_ptr<SSL_CTX, Free> context;
  std::unique_ptr<BIO_METHOD, Free> method;
};

Result<TlsSettings> TlsSettings::open() {
  auto shared = std::make_shared<Context>();
  shared->context.reset(SSL_CTX_new(TLS_client_method()));
  shared->method = socket_method();
  if (!shared->context || !shared->method) return Error{"preparing TLS: " + openssl_words(), 0};
  if (SSL_CTX_set_default_verify_paths(shared->context.get()) != 1)
    return Error{"reading the trusted certificates: " + openssl_words(), 0};
  return TlsSettings(std::move(shared));
}

std::unique_ptr<Stream> TlsSettings::stream(const Check& check) const {
  std::unique_ptr<SSL, Free> ssl(SSL_new(context_->context.get()));
  invariant(ssl != nullptr, "memory for a TLS connection");
  SSL_set_connect_state(ssl.get());
  expect_host(ssl.get(), check);
  return std::make_unique<TlsStream>(std::move(ssl), context_->method.get());
}

}  // namespace steadfast::probe
