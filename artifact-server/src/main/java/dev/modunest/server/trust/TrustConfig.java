package dev.modunest.server.trust;

import dev.modunest.server.x509.RegistryNames;
import dev.modunest.settings.Default;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The keys of the registry and what it certifies with them.
 *
 * @param directory made by {@code ./modunest ceremony}
 * @param name the host name in certificates; that of the directory
 * @param evaluation whether a directory that is not there is made at the start, with its offline
 *     keys beside the others: for a trial, never for what others rely on
 * @param certificateValidity of the certificate of a key that a publisher keeps
 * @param ciCertificateValidity of a certificate that a CI job gets
 * @param freshSignIn how old the sign-in may be by which a certificate is asked for
 * @param certificatesByApiToken whether an API token, which is no sign-in, may ask for one
 * @param crlInterval how often the list of revocations is made anew, besides at each revocation
 * @param crlValidity how long hosts may rely on a list
 * @param tsaPolicy the object identifier that time stamps name as their policy
 */
public record TrustConfig(
        @Default("modunest-trust") Path directory,
        @Default("localhost") String name,
        @Default("false") boolean evaluation,
        @Default("90d") Duration certificateValidity,
        @Default("10m") Duration ciCertificateValidity,
        @Default("15m") Duration freshSignIn,
        @Default("false") boolean certificatesByApiToken,
        @Default("1h") Duration crlInterval,
        @Default("1d") Duration crlValidity,
        @Default("1.3.6.1.4.1.57264.2") String tsaPolicy) {

    private static final Pattern OID =
            Pattern.compile("(?=.{3,100}$)[0-2](\\.(0|[1-9][0-9]{0,38}))+");

    public TrustConfig {
        RegistryNames checked = new RegistryNames(name);
        name = checked.host();
        require("certificate_validity", certificateValidity, Duration.ofHours(1), 398);
        require("ci_certificate_validity", ciCertificateValidity, Duration.ofMinutes(1), 1);
        require("fresh_sign_in", freshSignIn, Duration.ofMinutes(1), 1);
        require("crl_interval", crlInterval, Duration.ofSeconds(1), 7);
        if (crlValidity.compareTo(crlInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "crl_validity ("
                            + crlValidity
                            + ") is at least twice crl_interval ("
                            + crlInterval
                            + "), or a late list is an expired one");
        }
        if (!OID.matcher(tsaPolicy).matches()) {
            throw new IllegalArgumentException(
                    "tsa_policy is an object identifier like 1.2.3, not '" + tsaPolicy + "'");
        }
    }

    private static void require(String key, Duration value, Duration least, int mostDays) {
        if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(mostDays)) > 0) {
            throw new IllegalArgumentException(
                    key + " is " + least + " to " + mostDays + " days, not " + value);
        }
    }

    public RegistryNames names() {
        return new RegistryNames(name);
    }
}
