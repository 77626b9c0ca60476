package dev.modunest.load;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A URL with which anybody can get an object of an S3 service for a while: AWS Signature Version 4
 * in the query, for the header {@code Host} alone.
 *
 * @param region of the service
 * @param accessKey and {@code secretKey}: who gives the right
 * @param expires how long it is good for
 */
record PresignedUrl(String region, String accessKey, String secretKey, Duration expires) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final int DATE_LENGTH = 8;

    /**
     * For a GET of {@code object}.
     *
     * @param object without query, of characters that need no escape
     */
    String of(URI object, Instant now) {
        String time = TIME.format(now);
        String date = time.substring(0, DATE_LENGTH);
        String scope = date + "/" + region + "/s3/aws4_request";
        String query =
                "X-Amz-Algorithm="
                        + ALGORITHM
                        + "&X-Amz-Credential="
                        + URLEncoder.encode(accessKey + "/" + scope, StandardCharsets.UTF_8)
                        + "&X-Amz-Date="
                        + time
                        + "&X-Amz-Expires="
                        + expires.toSeconds()
                        + "&X-Amz-SignedHeaders=host";
        String request =
                String.join(
                        "\n",
                        "GET",
                        object.getRawPath(),
                        query,
                        "host:" + object.getRawAuthority(),
                        "",
                        "host",
                        "UNSIGNED-PAYLOAD");
        String toSign = String.join("\n", ALGORITHM, time, scope, hex(sha256(request)));
        return object + "?" + query + "&X-Amz-Signature=" + hex(hmac(key(date), toSign));
    }

    private byte[] key(String date) {
        byte[] ofDate = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), date);
        return hmac(hmac(hmac(ofDate, region), "s3"), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
