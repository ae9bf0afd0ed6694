//! Certificates as a test needs them, and the files that they are in.

use std::path::Path;
use std::sync::Arc;

use foreshock_tests::harness::Directory;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// An authority of a test's own, whose certificate is in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: Directory,
}

impl Authority {
    /// An authority with a directory for this test.
    pub(crate) fn new(test: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Authority { issuer, directory: Directory::new(&format!("tls-{test}")) };
        authority.file("ca.pem", &authority.issuer.pem());
        authority
    }

    /// The file of its certificate.
    pub(crate) fn ca_file(&self) -> String {
        self.path("ca.pem")
    }

    /// A file in this test's directory.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        Path::new(self.directory.path()).join(name).to_str().unwrap().to_owned()
    }

    /// What a server needs that shows a certificate for these names.
    pub(crate) fn server(&self, names: &[&str]) -> TlsAcceptor {
        self.server_with(names, |_| {})
    }

    /// As [`Authority::server`], with a certificate that was made otherwise.
    pub(crate) fn server_with(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> TlsAcceptor {
        let mut params = params(names);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }

    /// A server whose certificate nobody but itself has signed, and the file with it.
    pub(crate) fn self_signed(&self, names: &[&str], is_ca: bool) -> (TlsAcceptor, String) {
        let mut params = params(names);
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        (acceptor(certificate.der().clone(), &key), self.file("self.pem", &certificate.pem()))
    }
}

fn params(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

/// Valid in the year 2000 only.
pub(crate) fn expired(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2000, 12, 31);
}

/// Not valid yet, for a long time.
pub(crate) fn early(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(3000, 1, 1);
    params.not_after = date_time_ymd(3000, 12, 31);
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
