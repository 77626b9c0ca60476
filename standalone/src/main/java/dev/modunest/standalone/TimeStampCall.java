package dev.modunest.standalone;

import dev.modunest.format.trust.stamp.TimeStampToken;

import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.tsp.TimeStampRequestGenerator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** Asks a registry for a time stamp over a signature (RFC 3161). */
final class TimeStampCall {

    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 64 << 10;

    private TimeStampCall() {}

    /** The TimeStampResp, DER, whose token is over {@code signature}. */
    static byte[] stamp(URI registry, byte[] signature) throws InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            TimeStampRequestGenerator query = new TimeStampRequestGenerator();
            query.setCertReq(true);
            byte[] imprint = MessageDigest.getInstance("SHA-256").digest(signature);
            HttpResponse<byte[]> answer =
                    http.send(
                            HttpRequest.newBuilder(registry.resolve("/tsa"))
                                    .timeout(ANSWER_AT_MOST)
                                    .header("Content-Type", "application/timestamp-query")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofByteArray(
                                                    query.generate(
                                                                    NISTObjectIdentifiers.id_sha256,
                                                                    imprint)
                                                            .getEncoded()))
                                    .build(),
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
            if (answer.statusCode() != 200) {
                throw StandaloneException.refused(ApiCall.refusal(answer));
            }
            TimeStampToken.parse(answer.body())
                    .faultOver(signature)
                    .ifPresent(
                            fault -> {
                                throw StandaloneException.refused("the time stamp: " + fault);
                            });
            return answer.body();
        } catch (IOException failed) {
            throw StandaloneException.refused(
                    "the registry " + registry + " does not answer: " + failed.getMessage(),
                    failed);
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(
                    "the registry " + registry + " gives no time stamp: " + malformed.getMessage(),
                    malformed);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("the JDK has SHA-256", missing);
        }
    }
}
