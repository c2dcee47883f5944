package dev.shiplog.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditPolicyTest {

  private static final UserInfo JANE = UserInfo.of("jane", "developers");

  private static Attributes resource(String verb, String text, String namespace, String name) {
    int slash = text.indexOf('/');
    String[] plural = (slash < 0 ? text : text.substring(0, slash)).split("\\.", 2);
    return new Attributes(
        verb,
        plural.length < 2 ? "" : plural[1],
        "v1",
        plural[0],
        slash < 0 ? "" : text.substring(slash + 1),
        namespace,
        name,
        "");
  }

  private static AuditPolicy policy(String rules) throws IOException {
    return AuditPolicy.parse("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n" + rules);
  }

  @ParameterizedTest
  @CsvSource({
    "users: [jane], true",
    "users: [jack], false",
    "userGroups: [developers], true",
    "userGroups: [operators], false",
    "verbs: [get], true",
    "verbs: [list], false",
    "namespaces: [team], true",
    "namespaces: [''], false",
    "'resources: [{group: '''', resources: [pods]}]', true",
    "'resources: [{group: apps}]', false",
    "'resources: [{group: ''''}]', true",
    "'resources: [{group: '''', resources: [pods/log]}]', false",
    "'resources: [{group: '''', resources: [''pods/*'']}]', false",
    "'resources: [{group: '''', resources: [''*'']}]', true",
    "'resources: [{group: '''', resources: [pods], resourceNames: [p]}]', true",
    "'resources: [{group: '''', resources: [pods], resourceNames: [q]}]', false",
    "'nonResourceURLs: [''*'']', false"
  })
  void aRuleIsAboutRequestsWithAllItNames(String rule, boolean matches) throws Exception {
    AuditPolicy policy = policy("- {level: Request, " + rule + "}\n");

    assertThat(policy.of(JANE, resource("get", "pods", "team", "p")).level())
        .isEqualTo(matches ? AuditLevel.REQUEST : AuditLevel.NONE);
  }

  @ParameterizedTest
  @CsvSource({"pods/log, pods/log", "pods/*, pods/log", "*/scale, deployments.apps/scale"})
  void subresourcesAreNamedOneByOneOrAllOfThem(String written, String asked) throws Exception {
    String group = asked.contains("apps") ? "apps" : "''";
    AuditPolicy policy =
        policy(
            "- {level: Metadata, resources: [{group: %s, resources: ['%s']}]}\n"
                .formatted(group, written));

    assertThat(policy.of(JANE, resource("get", asked, "team", "p")).level())
        .isEqualTo(AuditLevel.METADATA);
  }

  @ParameterizedTest
  @CsvSource({"/healthz*, true", "/healthz/ping, true", "/version, false", "*, true"})
  void pathsAreNamedWholeOrByTheirBeginning(String url, boolean matches) throws Exception {
    AuditPolicy policy = policy("- {level: Metadata, nonResourceURLs: ['%s']}\n".formatted(url));

    assertThat(policy.of(JANE, Attributes.ofPath("get", "/healthz/ping")).level())
        .isEqualTo(matches ? AuditLevel.METADATA : AuditLevel.NONE);
  }

  @Test
  void theFirstRuleThatMatchesDecides() throws Exception {
    AuditPolicy policy = policy("- {level: None, users: [jane]}\n- {level: Metadata}\n");

    assertThat(policy.of(JANE, resource("get", "pods", "", "")).level()).isEqualTo(AuditLevel.NONE);
    assertThat(policy.of(UserInfo.of("jack"), resource("get", "pods", "", "")).level())
        .isEqualTo(AuditLevel.METADATA);
  }

  @Test
  void stagesAndManagedFieldsAreLeftOutByPolicyAndByRule() throws Exception {
    AuditPolicy policy =
        AuditPolicy.parse(
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - {level: Metadata, users: [jane], omitStages: [ResponseComplete]}
            - {level: Metadata, omitManagedFields: false}
            """);

    AuditPolicy.Verdict ofJane = policy.of(JANE, resource("get", "pods", "", ""));
    assertThat(ofJane.isAbout("RequestReceived")).isFalse();
    assertThat(ofJane.isAbout("ResponseComplete")).isFalse();
    assertThat(ofJane.omitManagedFields()).isTrue();
    AuditPolicy.Verdict ofOthers = policy.of(UserInfo.of("jack"), resource("get", "pods", "", ""));
    assertThat(ofOthers.isAbout("ResponseComplete")).isTrue();
    assertThat(ofOthers.omitManagedFields()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "update, configmaps, REQUEST_RESPONSE",
    "update, secrets, METADATA",
    "get, secrets, METADATA",
    "get, configmaps, NONE",
    "create, serviceaccounts/token, METADATA",
    "create, pods/exec, METADATA",
    "update, leases.coordination.k8s.io, METADATA",
    "create, selfsubjectaccessreviews.authorization.k8s.io, NONE"
  })
  void theDefaultTellsOfChangesAndOfSecretsThatWereLookedAt(
      String verb, String resource, AuditLevel level) {
    assertThat(AuditPolicy.standard().of(JANE, resource(verb, resource, "team", "x")).level())
        .isEqualTo(level);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- {level: Everything}",
        "- {level: Metadata, verb: [get]}",
        "- {level: Metadata, omitStages: [Later]}",
        "- {level: Metadata, namespaces: [a], nonResourceURLs: [/a]}"
      })
  void whatMakesNoSenseIsRefused(String rules) {
    assertThatThrownBy(() -> policy(rules)).isInstanceOf(IOException.class);
  }
}
