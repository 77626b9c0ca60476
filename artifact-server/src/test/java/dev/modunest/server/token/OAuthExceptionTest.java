package dev.modunest.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OAuthExceptionTest {

    @Test
    void aDescriptionHasWhatTheRfcAllows() {
        assertThat(OAuthException.invalidRequest("say \"\u00e4\\\n\"").description())
                .isEqualTo("say '???'");
    }

    @Test
    void whatARefusalIsAboutIsKeptWithIt() {
        OAuthException refused = OAuthException.invalidGrant("it was used");

        assertThat(refused.subject()).isEmpty();
        assertThat(refused.about("host:1").subject()).contains("host:1");
        assertThat(refused.about("host:1").error()).isEqualTo("invalid_grant");
    }
}
