package dev.modunest.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

class DomainNameTest {

    @ParameterizedTest
    @CsvSource({
        "acme.com, acme, com-acme",
        "acme.io, acme, io-acme",
        "my-acme.com, my-acme, com-my-acme",
        "tools.acme.com, acme-tools, com-acme-tools",
        "acme.co.uk, acme, uk-co-acme",
        "tools.acme.com.au, acme-tools, au-com-acme-tools",
        "google.github.io, github-google, io-github-google"
    })
    void aDomainVerifiesTheNamesThatItsLabelsMakeUp(String domain, String first, String second) {
        assertThat(new DomainName(domain).namespaces()).isEqualTo(Set.of(first, second));
    }

    @ParameterizedTest
    @CsvSource({"google.com.xyz, xyz-com-google", "co.uk, uk-co", "com.de, de-com"})
    void aLabelThatStandsForRegistriesIsNobodysName(String domain, String only) {
        assertThat(new DomainName(domain).namespaces()).containsExactly(only);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "127.0.0.1",
                "a..com",
                ".com",
                "-a.com",
                "a-.com",
                "ac me.com",
                "acme.com..",
                "acme.com/x",
                "ünïcode.com",
                "acme.c"
            })
    void whatIsNoDomainIsNotTaken(String text) {
        assertThat(DomainName.tryParse(text)).isEmpty();
    }

    @Test
    void caseAndTheLastDotDoNotMatter() {
        assertThat(DomainName.tryParse("ACME.com.")).contains(new DomainName("acme.com"));
        assertThat(new DomainName("acme.com").record()).isEqualTo("_modunest-challenge.acme.com");
    }
}
