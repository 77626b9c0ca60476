package dev.modunest.server.x509;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * What certificates call the registry and its publishers.
 *
 * @param host of the registry, {@code registry.example.com}
 */
public record RegistryNames(String host) {

    private static final Pattern HOST =
            Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    public RegistryNames {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "name is a host name like registry.example.com, not '" + host + "'");
        }
    }

    public URI registry() {
        return URI.create("https://" + host + "/registry");
    }

    public URI publisher(String namespace) {
        return URI.create("https://" + host + "/publishers/" + namespace);
    }

    /** What is said of who proved it by a sign-in here. */
    public String issuer() {
        return "https://" + host;
    }

    URI revocationList(String issuing) {
        return URI.create("https://" + host + "/pki/" + issuing + ".crl");
    }

    X500Name authority(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, host)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }
}
