package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.body.JsonBody;
import dev.modunest.server.oidc.Claims;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * GitHub Actions. The ids are those of the repository and its owner: names may be given to others,
 * ids never are. The workflow is the file that has the job, in that repository itself.
 */
record GitHub(URI issuer) implements CiProvider {

    private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z0-9._-]{1,200}\\.ya?ml");
    private static final Set<String> KNOWN =
            Set.of("repository_id", "repository_owner_id", "workflow", "environment");

    @Override
    public String name() {
        return "github";
    }

    @Override
    public Optional<String> audience() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> read(JsonNode claims) {
        JsonBody.requireKnown(claims, KNOWN);
        Map<String, String> read = new TreeMap<>();
        read.put("repository_id", ClaimReader.id(claims, "repository_id"));
        read.put("repository_owner_id", ClaimReader.id(claims, "repository_owner_id"));
        String workflow = JsonBody.line(claims, "workflow", ClaimReader.MAX_VALUE);
        if (!WORKFLOW.matcher(workflow).matches()) {
            throw JsonBody.invalid(
                    "workflow is the name of a file in .github/workflows, as in release.yml");
        }
        read.put("workflow", workflow);
        ClaimReader.environment(claims, read);
        return read;
    }

    @Override
    public Map<String, String> facts(Claims token) {
        Map<String, String> facts =
                ClaimReader.texts(
                        token, List.of("repository_id", "repository_owner_id", "environment"));
        Optional<String> reference =
                token.text("job_workflow_ref").or(() -> token.text("workflow_ref"));
        token.text("repository")
                .flatMap(name -> ClaimReader.file(reference, name + "/.github/workflows/"))
                .ifPresent(file -> facts.put("workflow", file));
        return facts;
    }

    @Override
    public CiOrigin origin(Claims token) {
        return new CiOrigin(
                token.text("job_workflow_ref")
                        .or(() -> token.text("workflow_ref"))
                        .map(reference -> server() + "/" + reference),
                token.text("repository").map(name -> server() + "/" + name),
                ClaimReader.text(token, "repository_id"));
    }

    /** An Enterprise Server issues tokens at its own address. */
    private String server() {
        return "token.actions.githubusercontent.com".equals(issuer.getHost())
                ? "https://github.com"
                : issuer.getScheme() + "://" + issuer.getRawAuthority();
    }
}
