package dev.modunest.server;

import static dev.modunest.server.TestRegistry.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.key.Pem;
import dev.modunest.server.timestamp.TimeStamping;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class TimeStampIT {

    private static final byte[] DATA = "what is stamped".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, ASN1ObjectIdentifier> DIGESTS =
            Map.of(
                    "SHA-1", TSPAlgorithms.SHA1,
                    "SHA-256", TSPAlgorithms.SHA256,
                    "SHA-384", TSPAlgorithms.SHA384,
                    "SHA-512", TSPAlgorithms.SHA512);

    private static TestRegistry registry;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static byte[] post(byte[] query) {
        HttpResponse<byte[]> answer =
                registry.send(
                        registry.request("/tsa")
                                .header("Content-Type", "application/timestamp-query")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(query)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/timestamp-reply");
        assertThat(answer.headers().firstValue("RateLimit")).isPresent();
        return answer.body();
    }

    private static TimeStampRequest request(String digest, TimeStampRequestGenerator generator)
            throws Exception {
        return generator.generate(
                java.util.Objects.requireNonNull(DIGESTS.get(digest)),
                MessageDigest.getInstance(digest).digest(DATA),
                BigInteger.valueOf(4711));
    }

    private static TimeStampResponse stamp(TimeStampRequest request) throws Exception {
        return new TimeStampResponse(post(request.getEncoded()));
    }

    private static void assertSigned(TimeStampToken token) throws Exception {
        token.validate(
                new JcaSimpleSignerInfoVerifierBuilder()
                        .build(registry.server().trust().timeStamping().certificate()));
    }

    @ParameterizedTest
    @CsvSource({"SHA-256", "SHA-384", "SHA-512"})
    void aStampSaysTheDigestTheNonceAndTheTime(String digest) throws Exception {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        TimeStampRequest request = request(digest, generator);

        TimeStampResponse response = stamp(request);

        response.validate(request);
        TimeStampToken token = response.getTimeStampToken();
        assertSigned(token);
        assertThat(token.getTimeStampInfo().getNonce()).isEqualTo(4711);
        assertThat(token.getTimeStampInfo().getPolicy()).hasToString("1.3.6.1.4.1.57264.2");
        assertThat(token.getTimeStampInfo().getGenTime().toInstant())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(token.getCertificates().getMatches(null)).hasSize(2);
    }

    @Test
    void certificatesAreLeftOutWhereTheyAreNotAskedFor() throws Exception {
        TimeStampResponse response = stamp(request("SHA-256", new TimeStampRequestGenerator()));

        assertThat(response.getTimeStampToken().getCertificates().getMatches(null)).isEmpty();
    }

    @Test
    void whatCannotBeStampedIsRejectedWithTheFailure() throws Exception {
        TimeStampRequestGenerator policy = new TimeStampRequestGenerator();
        policy.setReqPolicy(new ASN1ObjectIdentifier("1.2.3"));
        TimeStampRequestGenerator extension = new TimeStampRequestGenerator();
        extension.addExtension(
                new ASN1ObjectIdentifier("1.2.3.4"),
                true,
                new org.bouncycastle.asn1.DEROctetString(new byte[1]));

        assertRejected(stamp(request("SHA-1", new TimeStampRequestGenerator())), 0);
        assertRejected(stamp(request("SHA-256", policy)), 15);
        assertRejected(stamp(request("SHA-256", extension)), 16);
        for (byte[] garbage : List.of(new byte[0], DATA, new byte[] {0x30, 0})) {
            assertRejected(new TimeStampResponse(post(garbage)), 5);
        }
    }

    /** RFC 3161 2.4.2: the bit of the failure. */
    private static void assertRejected(TimeStampResponse response, int bit) {
        assertThat(response.getStatus()).isEqualTo(PKIStatus.REJECTION);
        assertThat(response.getTimeStampToken()).isNull();
        byte[] bits = response.getFailInfo().getBytes();
        assertThat(bits[bit / 8] & (0x80 >> (bit % 8))).as("bit " + bit).isNotZero();
    }

    @Test
    void aQueryIsBounded() {
        assertProblem(
                registry.send(
                        registry.request("/tsa")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5000]))),
                413,
                "body-too-large",
                "4096");
    }

    @Test
    void theRegistryStampsForItself() throws Exception {
        TimeStamping stamping =
                new TimeStamping(
                        registry.server().trust(),
                        "1.2.3.4",
                        () -> Instant.parse("2026-12-01T10:00:00Z"));

        byte[] encoded = stamping.stamp(DATA);

        TimeStampToken token = new TimeStampResponse(encoded).getTimeStampToken();
        assertSigned(token);
        assertThat(token.getTimeStampInfo().getMessageImprintDigest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(DATA));
        assertThat(token.getTimeStampInfo().getGenTime())
                .isEqualTo(Instant.parse("2026-12-01T10:00:00Z"));
        assertThat(token.getTimeStampInfo().getPolicy()).hasToString("1.2.3.4");
        assertThat(token.getCertificates().getMatches(null))
                .extracting(X509CertificateHolder::getEncoded)
                .contains(Pem.der(registry.server().trust().timeStamping().certificate()));
    }

    @Test
    void opensslAcceptsAStamp() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        Files.write(folder.resolve("data"), DATA);
        openssl("ts -query -data data -sha256 -cert -out query");
        Files.write(folder.resolve("reply"), post(Files.readAllBytes(folder.resolve("query"))));
        Files.writeString(folder.resolve("root.pem"), Pem.text(registry.server().trust().root()));

        openssl("ts -verify -data data -in reply -CAfile root.pem");
    }

    private void openssl(String arguments) throws Exception {
        Path log = folder.resolve("log");
        Process openssl =
                new ProcessBuilder(("openssl " + arguments).split(" "))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(openssl.waitFor()).as(Files.readString(log)).isZero();
    }
}
