package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.HostCredentials;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** How a host proves who it is at the token endpoint: {@code private_key_jwt}, RFC 7523 2.2. */
final class ClientAssertion {

    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final int SECONDS = 60;

    private ClientAssertion() {}

    /** An assertion for one request; each has a number of its own. */
    static String of(HostCredentials host, Instant now) {
        ObjectNode header = StrictJson.JSON.createObjectNode();
        header.put("alg", "EdDSA").put("typ", "JWT");
        ObjectNode claims = StrictJson.JSON.createObjectNode();
        claims.put("iss", host.host())
                .put("sub", host.host())
                .put("aud", host.issuer().toString())
                .put("jti", UUID.randomUUID().toString())
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + SECONDS);
        String signed = encode(header) + "." + encode(claims);
        byte[] signature = host.key().sign(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64Url.encode(signature);
    }

    private static String encode(ObjectNode object) {
        return Base64Url.encode(object.toString().getBytes(StandardCharsets.UTF_8));
    }
}
