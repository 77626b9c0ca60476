package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.PublisherCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.Set;

class BuilderPolicyTest {

    private static final String REGISTRY = "https://" + TrustFixture.REGISTRY;
    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final String WORKFLOW =
            "https://ci.example.org/acme/tool/.ci/release.yml@refs/heads/main";

    private static PublisherCertificate signer(
            String issuer, Optional<String> builder, Optional<String> repositoryId) {
        PublisherCertificate job = PublisherCertificate.of(FIXTURE.publisher().certificate());
        return new PublisherCertificate(
                job.certificate(),
                job.key(),
                job.identity(),
                issuer,
                builder,
                Optional.empty(),
                repositoryId);
    }

    private static Optional<String> fault(
            PublisherCertificate signer, String builder, String known) {
        return new BuilderPolicy(REGISTRY, Set.of(known))
                .faultOf(
                        signer,
                        new BuildProvenance(
                                TrustFixture.statement(TrustFixture.JAR).artifact(),
                                "https://ci.example.org/t",
                                builder,
                                StrictJson.JSON.createObjectNode()),
                        Set.of("4711"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://ci.example.org/acme/tool/.ci/release.yml@refs/heads/main, true",
        "https://ci.example.org/acme/tool/.ci/release.yml, true",
        "https://ci.example.org/acme/, true",
        "https://ci.example.org/acme, true",
        "https://ci.example.org/ac, false",
        "https://ci.example.org/acme/tool/.ci/rel, false",
        "https://ci.example.org/other/, false"
    })
    void aBuilderIsKnownByItsIdOrByWhatThatBeginsWithAtABorder(String known, boolean counts) {
        PublisherCertificate job =
                signer(TrustFixture.OIDC_ISSUER, Optional.of(WORKFLOW), Optional.of("4711"));
        assertThat(fault(job, WORKFLOW, known).isEmpty()).isEqualTo(counts);
    }

    @Test
    void whatAJobSaysOfItselfCountsOnlyAsItsCertificateSaysItToo() {
        String known = "https://ci.example.org/acme/";
        assertThat(
                        fault(
                                signer(REGISTRY, Optional.of(WORKFLOW), Optional.of("4711")),
                                WORKFLOW,
                                known))
                .get()
                .asString()
                .contains("not by a CI job");
        for (Optional<String> repository : List.of(Optional.<String>empty(), Optional.of("4712"))) {
            assertThat(
                            fault(
                                    signer(
                                            TrustFixture.OIDC_ISSUER,
                                            Optional.of(WORKFLOW),
                                            repository),
                                    WORKFLOW,
                                    known))
                    .get()
                    .asString()
                    .contains("does not trust the repository");
        }
        for (Optional<String> certified :
                List.of(Optional.<String>empty(), Optional.of(WORKFLOW + "2"))) {
            assertThat(
                            fault(
                                    signer(
                                            TrustFixture.OIDC_ISSUER,
                                            certified,
                                            Optional.of("4711")),
                                    WORKFLOW,
                                    known))
                    .get()
                    .asString()
                    .contains("and its certificate");
        }
    }

    @Test
    void everybodyIsNoBuilder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BuilderPolicy(REGISTRY, Set.of("")));
    }
}
