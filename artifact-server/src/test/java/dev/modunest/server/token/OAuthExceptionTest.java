package dev.modunest.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OAuthExceptionTest {

    @Test
    void aDescriptionHasWhatTheRfcAllows() {
        assertThat(OAuthException.invalidRequest("say \"ä\\\n\"").description())
                .isEqualTo("say '???'");
    }
}
