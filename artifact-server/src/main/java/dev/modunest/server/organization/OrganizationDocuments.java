package dev.modunest.server.organization;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.identity.Member;
import dev.modunest.db.identity.Organization;
import dev.modunest.db.identity.OrganizationStore;
import dev.modunest.db.identity.Team;

import java.util.List;

/** Organisations and teams as JSON. */
final class OrganizationDocuments {

    private OrganizationDocuments() {}

    static ObjectNode organization(Organization organization) {
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("organization", organization.name());
        organization.displayName().ifPresent(name -> document.put("display_name", name));
        return document.put("created_at", organization.createdAt().toString());
    }

    static ObjectNode organization(
            Organization organization, List<Member> members, List<Team> teams) {
        ObjectNode document = organization(organization);
        ArrayNode all = document.putArray("members");
        members.forEach(member -> all.add(member(member)));
        ArrayNode named = document.putArray("teams");
        teams.forEach(
                team ->
                        named.addObject()
                                .put("team", team.name())
                                .put("members", team.members())
                                .put("created_at", team.createdAt().toString()));
        return document;
    }

    static ObjectNode list(List<OrganizationStore.Membership> memberships) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode all = document.putArray("organizations");
        memberships.forEach(
                membership ->
                        all.add(
                                organization(membership.organization())
                                        .put("role", membership.role())));
        return document;
    }

    static ObjectNode team(String organization, Team team, List<Member> members) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("organization", organization)
                        .put("team", team.name())
                        .put("created_at", team.createdAt().toString());
        ArrayNode all = document.putArray("members");
        members.forEach(member -> all.add(member(member)));
        return document;
    }

    /** Names an account in an organisation. */
    static ObjectNode membership(String organization, String account) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("organization", organization)
                .put("account", account);
    }

    private static ObjectNode member(Member member) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("account", member.account())
                .put("role", member.role())
                .put("added_at", member.addedAt().toString());
    }
}
