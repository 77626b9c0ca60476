package dev.modunest.server.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Transaction;
import dev.modunest.db.trust.CertificateBytes;
import dev.modunest.db.trust.CiJob;
import dev.modunest.db.trust.NewCertificate;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.key.Pem;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.TrustConfig;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Decides who gets a certificate, and gives it. Thread-safe. */
final class Issuance {

    private final TrustConfig config;
    private final CertificateAuthority authority;
    private final CertificateAudit audit;
    private final PluginAuthService auth;

    Issuance(
            TrustConfig config,
            CertificateAuthority authority,
            CertificateAudit audit,
            PluginAuthService auth) {
        this.config = config;
        this.authority = authority;
        this.audit = audit;
        this.auth = auth;
    }

    Answer issue(
            Transaction tx,
            Principal.Developer caller,
            String namespace,
            VerifyingKey key,
            Instant now) {
        Optional<CiJob> job = caller.session().flatMap(tx.certificates()::findJob);
        if (job.isPresent()) {
            requirePublishes(tx, caller, namespace, job.get());
        } else {
            auth.require(tx, caller, new Resource.OfNamespace(namespace), Action.CERTIFICATE_ISSUE);
            requireFresh(caller, now);
        }
        String keySha256 = key.id().hex();
        if (tx.certificates().isCompromised(keySha256)) {
            throw new Rejection(
                    ProblemCode.KEY_COMPROMISED,
                    "A certificate of this key was revoked because others have the key; make another one with ./modunest keygen");
        }
        X509Certificate certificate = authority.issue(namespace, key, job, now);
        String serial = certificate.getSerialNumber().toString(16);
        tx.certificates()
                .insert(
                        new NewCertificate(
                                serial,
                                authority.issuing().id(),
                                namespace,
                                caller.account().id(),
                                job.isPresent() ? "ci" : "keyed",
                                keySha256,
                                new CertificateBytes(Pem.der(certificate)),
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant(),
                                now));
        ObjectNode detail =
                CertificateAudit.detail(serial)
                        .put("key", "sha256:" + keySha256)
                        .put("not_after", certificate.getNotAfter().toInstant().toString());
        job.ifPresent(of -> detail.put("plugin", of.plugin().toString()).put("ci", of.issuer()));
        audit.note(tx, caller.account(), "certificate.issued", namespace, detail, now);
        ObjectNode document =
                CertificateDocuments.certificate(
                        tx.certificates().find(namespace, serial).orElseThrow());
        document.putArray("chain").add(Pem.text(authority.issuing().authority().certificate()));
        return new Answer(
                201,
                Map.of("Location", "/api/v1/namespaces/" + namespace + "/certificates"),
                document.toString());
    }

    /** A job signs for the namespace whose plugin trusts it. */
    private void requirePublishes(
            Transaction tx, Principal.Developer caller, String namespace, CiJob job) {
        if (!job.plugin().namespace().equals(namespace)) {
            throw new Rejection(
                    ProblemCode.ACCESS_DENIED,
                    "The job publishes "
                            + job.plugin()
                            + ", and gets a certificate of the namespace "
                            + job.plugin().namespace()
                            + " alone");
        }
        auth.require(tx, caller, new Resource.OfPlugin(job.plugin()), Action.RELEASE_PUBLISH);
    }

    /** Whoever finds a session that was left open gets no certificate by it. */
    private void requireFresh(Principal.Developer caller, Instant now) {
        if (caller.token().isPresent() && config.certificatesByApiToken()) {
            return;
        }
        boolean fresh =
                caller.authenticatedAt()
                        .filter(at -> at.plus(config.freshSignIn()).isAfter(now))
                        .isPresent();
        if (!fresh) {
            throw new Rejection(
                    ProblemCode.SIGN_IN_STALE,
                    "A certificate needs a sign-in of the last "
                            + config.freshSignIn().toMinutes()
                            + " minutes (trust.fresh_sign_in), and an API token is none; run ./modunest login and ask again");
        }
    }
}
