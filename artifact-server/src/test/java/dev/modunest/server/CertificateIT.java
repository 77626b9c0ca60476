package dev.modunest.server;

import static dev.modunest.server.OAuthForms.json;
import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.server.key.Certificates;
import dev.modunest.server.key.Pem;
import dev.modunest.server.x509.SigningRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

class CertificateIT {

    private static CiIssuer github;
    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        github = new CiIssuer();
        registry =
                TestRegistry.start(
                        Map.of("MODUNEST_TRUSTED_GITHUB_ISSUER", github.uri().toString()));
    }

    @AfterAll
    static void stop() {
        registry.close();
        github.close();
    }

    private static Signer signer(SignatureAlgorithm algorithm) {
        return new KeyPairSigner(KeyPairSigner.generate(algorithm));
    }

    private static byte[] csr() {
        return SigningRequest.write("me", signer(SignatureAlgorithm.ECDSA_P256));
    }

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/certificates";
    }

    private static HttpResponse<byte[]> issue(String token, String namespace, byte[] csr) {
        return registry.send(
                registry.request(path(namespace))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(csr)));
    }

    /**
     * An account with a namespace of its name; the answer is an access token of a fresh sign-in.
     */
    private static String owner(String name) {
        String token = registry.newAccount(name);
        assertThat(
                        registry.call(
                                        token,
                                        "POST",
                                        "/api/v1/namespaces",
                                        "{\"namespace\": \"" + name + "\"}")
                                .statusCode())
                .isEqualTo(201);
        return signedIn(name);
    }

    private static String signedIn(String name) {
        try (BadTokens tokens = new BadTokens(registry, name)) {
            return tokens.issued(Instant.now(), tokens.ours(), tokens.session());
        }
    }

    private static X509Certificate certificate(JsonNode document) {
        return Certificates.ofDer(
                Pem.blocks(document.path("certificate").asText()).getFirst().der());
    }

    private static HttpResponse<byte[]> revoke(
            String token, String namespace, String serial, String body) {
        return registry.call(token, "POST", path(namespace) + "/" + serial + "/revocation", body);
    }

    private static X509CRL list() throws Exception {
        HttpResponse<byte[]> answer = registry.get("/pki/i1.crl");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/pkix-crl");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("public, max-age=30");
        return (X509CRL)
                CertificateFactory.getInstance("X.509")
                        .generateCRL(new ByteArrayInputStream(answer.body()));
    }

    private static BigInteger number(X509CRL list) {
        byte[] extension = list.getExtensionValue("2.5.29.20");
        return new BigInteger(java.util.Arrays.copyOfRange(extension, 4, extension.length));
    }

    private static void assertValid(X509Certificate certificate) throws Exception {
        X509Certificate root = Certificates.ofDer(registry.get("/pki/root-r1.crt").body());
        X509Certificate issuing = Certificates.ofDer(registry.get("/pki/issuing-i1.crt").body());
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(
                CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(List.of(list()))));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(certificate, issuing)),
                        parameters);
        list().verify(issuing.getPublicKey());
    }

    @ParameterizedTest
    @CsvSource({"ECDSA_P256, issue-ec", "ED25519, issue-ed"})
    void anOwnerGetsACertificateOfTheProfileForTheKeyThatSignedTheRequest(
            SignatureAlgorithm algorithm, String namespace) throws Exception {
        String owner = owner(namespace);
        Signer key = signer(algorithm);

        JsonNode issued = json(issue(owner, namespace, SigningRequest.write("anything", key)), 201);
        X509Certificate certificate = certificate(issued);
        assertValid(certificate);
        assertThat(certificate.getPublicKey()).isEqualTo(key.key().publicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEmpty();
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "https://localhost/publishers/" + namespace));
        assertThat(certificate.getCriticalExtensionOIDs())
                .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.17", "2.5.29.19");
        assertThat(certificate.getNonCriticalExtensionOIDs())
                .containsExactlyInAnyOrder(
                        "2.5.29.14",
                        "2.5.29.35",
                        "2.5.29.37",
                        "2.5.29.31",
                        "1.3.6.1.4.1.57264.1.8");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.3");
        assertThat(certificate.getKeyUsage()).startsWith(true, false, false);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getSerialNumber().bitLength()).isGreaterThanOrEqualTo(64);
        assertThat(
                        Duration.between(
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(90).plusMinutes(1));
        assertThat(utf8(certificate, "1.3.6.1.4.1.57264.1.8")).isEqualTo("https://localhost");
        assertThat(issued.path("kind").asText()).isEqualTo("keyed");
        assertThat(issued.path("key").asText()).isEqualTo("sha256:" + key.key().id().hex());
        assertThat(issued.path("serial").asText())
                .isEqualTo(certificate.getSerialNumber().toString(16));
        assertThat(issued.path("chain").path(0).asText()).startsWith("-----BEGIN CERTIFICATE");
        assertThat(
                        registry.count(
                                "audit where action = 'certificate.issued' and subject = '"
                                        + namespace
                                        + "'"))
                .isEqualTo(1);
    }

    /** In an OCTET STRING of short form, a UTF8String of short form. */
    private static String utf8(X509Certificate certificate, String id) {
        byte[] value = certificate.getExtensionValue(id);
        assertThat(value[2]).isEqualTo((byte) 0x0c);
        return new String(value, 4, value.length - 4, StandardCharsets.UTF_8);
    }

    @Test
    void aRequestIsTakenAsPemToo() {
        String owner = owner("pem");
        byte[] pem = Pem.text(Pem.REQUEST, csr()).getBytes(StandardCharsets.US_ASCII);

        assertThat(issue(owner, "pem", pem).statusCode()).isEqualTo(201);
        assertThat(
                        json(registry.call(owner, "GET", path("pem"), ""), 200)
                                .path("certificates")
                                .size())
                .isEqualTo(1);
    }

    @Test
    void nobodyButTheOwnerByAFreshSignInGetsOne() {
        String owner = owner("mine");
        String apiToken = registry.newToken("mine", "*:*");
        String stranger = owner("stranger");

        assertProblem(issue(apiToken, "mine", csr()), 403, "sign-in-stale", "./modunest login");
        assertProblem(issue(stranger, "mine", csr()), 403, "namespace-foreign", "mine");
        assertProblem(issue(registry.token(), "mine", csr()), 403, "namespace-foreign", "mine");
        assertProblem(
                issue(registry.newToken("mine", "release.publish:*"), "mine", csr()),
                403,
                "scope-insufficient",
                "certificate.issue");
        registry.execute(
                "update sessions set authenticated_at = now() - interval '16 minutes' where account_id = (select id from accounts where name = 'mine')");
        assertProblem(issue(owner, "mine", csr()), 403, "sign-in-stale", "15 minutes");
        assertThat(issue(signedIn("mine"), "mine", csr()).statusCode()).isEqualTo(201);
    }

    @Test
    void requestsThatDoNotProveTheKeyAreRefused() {
        String owner = owner("proof");
        byte[] forged = csr();
        forged[forged.length - 1] ^= 1;
        byte[] post = SigningRequest.write("me", signer(SignatureAlgorithm.ED25519));
        post[10] ^= 1;

        assertProblem(issue(owner, "proof", forged), 400, "signing-request-invalid", "PKCS#10");
        assertProblem(issue(owner, "proof", post), 400, "signing-request-invalid", "PKCS#10");
        assertProblem(
                issue(owner, "proof", new byte[0]), 400, "signing-request-invalid", "openssl");
        assertProblem(
                issue(owner, "proof", "-----BEGIN".getBytes(StandardCharsets.US_ASCII)),
                400,
                "signing-request-invalid",
                "not one CERTIFICATE REQUEST");
        assertProblem(issue(owner, "proof", new byte[9000]), 413, "body-too-large", "8192");
        assertThat(registry.count("certificates where namespace = 'proof'")).isZero();
    }

    @Test
    void aCompromisedKeyTakesAllItsCertificatesBackAndIsNeverCertifiedAgain() throws Exception {
        String owner = owner("lost");
        Signer key = signer(SignatureAlgorithm.ECDSA_P256);
        byte[] csr = SigningRequest.write("me", key);
        String first = json(issue(owner, "lost", csr), 201).path("serial").asText();
        String second = json(issue(owner, "lost", csr), 201).path("serial").asText();
        String other = json(issue(owner, "lost", csr()), 201).path("serial").asText();
        BigInteger before = number(list());
        Instant since = Instant.now().minusSeconds(30).truncatedTo(ChronoUnit.SECONDS);

        JsonNode revoked =
                json(
                        revoke(
                                owner,
                                "lost",
                                first,
                                "{\"reason\": \"key-compromise\", \"invalidity_date\": \""
                                        + since
                                        + "\"}"),
                        200);

        assertThat(revoked.path("certificates").findValuesAsText("serial"))
                .containsExactly(first, second);
        X509CRL list = list();
        assertThat(number(list)).isGreaterThan(before);
        assertThat(list.getNextUpdate().toInstant()).isAfter(Instant.now());
        X509CRLEntry entry = list.getRevokedCertificate(new BigInteger(second, 16));
        assertThat(entry.getRevocationReason())
                .isEqualTo(java.security.cert.CRLReason.KEY_COMPROMISE);
        byte[] invalidity = entry.getExtensionValue("2.5.29.24");
        assertThat(new String(invalidity, 4, 15, StandardCharsets.US_ASCII))
                .isEqualTo(since.toString().replaceAll("[-:T]", ""));
        assertThat(list.getRevokedCertificate(new BigInteger(other, 16))).isNull();
        assertProblem(issue(owner, "lost", csr), 422, "key-compromised", "./modunest keygen");
        assertThat(
                        registry.count(
                                "audit where action = 'certificate.revoked' and subject = 'lost'"))
                .isEqualTo(2);
    }

    @Test
    void aRevocationIsSaidAnewOnlyWhenItTakesBackMore() {
        String owner = owner("anew");
        String serial = json(issue(owner, "anew", csr()), 201).path("serial").asText();
        String compromised = "{\"reason\": \"key-compromise\"}";

        assertThat(revoke(owner, "anew", serial, "{\"reason\": \"superseded\"}").statusCode())
                .isEqualTo(200);
        assertProblem(
                revoke(owner, "anew", serial, "{\"reason\": \"superseded\"}"),
                409,
                "certificate-revoked",
                "already");
        assertThat(revoke(registry.token(), "anew", serial, compromised).statusCode())
                .isEqualTo(200);
        assertProblem(
                revoke(owner, "anew", serial, compromised), 409, "certificate-revoked", "already");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | does not have reason",
                "{\"reason\": \"bored\"} | reason",
                "{\"reason\": \"superseded\", \"invalidity_date\": \"2026-01-01T00:00:00Z\"} | key-compromise only",
                "{\"reason\": \"key-compromise\", \"invalidity_date\": \"2999-01-01T00:00:00Z\"} | not in the future",
                "{\"reason\": \"key-compromise\", \"invalidity_date\": \"yesterday\"} | invalidity_date"
            })
    void revocationsThatCannotBeReadAreRefused(String body, String words) {
        assertProblem(revoke(registry.token(), "any", "1", body), 404, "namespace-unknown", "any");
        String namespace = "odd-" + Integer.toHexString(body.hashCode());
        String owner = owner(namespace);
        assertProblem(revoke(owner, namespace, "1", body), 400, "change-invalid", words);
        assertProblem(
                revoke(owner, namespace, "1", "{\"reason\": \"superseded\"}"),
                404,
                "certificate-unknown",
                namespace);
    }

    private static String job(String plugin) {
        Map<String, String> form =
                new HashMap<>(
                        Map.of(
                                "grant_type",
                                OAuthForms.EXCHANGE,
                                "subject_token_type",
                                OAuthForms.ID_TOKEN,
                                "subject_token",
                                github.github()
                                        .withAudience(registry.server().uri().toString())
                                        .sign(github.algorithm()),
                                "scope",
                                "release.publish:" + plugin));
        return json(OAuthForms.post(registry, "/oauth/token", form), 200)
                .path("access_token")
                .asText();
    }

    @Test
    void aJobGetsOneForTenMinutesThatSaysWhereItComesFrom() throws Exception {
        String owner = owner("robot");
        assertThat(
                        registry.call(
                                        owner,
                                        "POST",
                                        "/api/v1/plugins/robot/tool/trusted-publishers",
                                        """
                                        {"provider": "github", "claims": {"repository_id": "4711", "repository_owner_id": 42,
                                         "workflow": "release.yml", "environment": "production"}}
                                        """)
                                .statusCode())
                .isEqualTo(201);
        String job = job("robot/tool");

        JsonNode issued = json(issue(job, "robot", csr()), 201);
        X509Certificate certificate = certificate(issued);
        assertValid(certificate);
        String server = github.uri().toString();
        assertThat(issued.path("kind").asText()).isEqualTo("ci");
        assertThat(utf8(certificate, "1.3.6.1.4.1.57264.1.8")).isEqualTo(server);
        assertThat(utf8(certificate, "1.3.6.1.4.1.57264.1.9"))
                .isEqualTo(server + "/octo/tool/.github/workflows/release.yml@refs/heads/main");
        assertThat(utf8(certificate, "1.3.6.1.4.1.57264.1.12")).isEqualTo(server + "/octo/tool");
        assertThat(utf8(certificate, "1.3.6.1.4.1.57264.1.15")).isEqualTo("4711");
        assertThat(
                        Duration.between(
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(11));
        assertProblem(issue(job, "lost", csr()), 403, "access-denied", "robot/tool");
    }

    @Test
    void onlyWhatIsThereIsServedAsPki() {
        for (String file : List.of("none.crt", "i9.crl", "..crl", "%2e%2e")) {
            assertProblem(registry.get("/pki/" + file), 404, "pki-unknown", "/pki/root-r1.crt");
        }
        assertThat(registry.head("/pki/tsa.crt").headers().firstValue("Content-Type"))
                .hasValue("application/pkix-cert");
        assertThat(registry.get("/pki/registry.crt").statusCode()).isEqualTo(200);
    }
}
