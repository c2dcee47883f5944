package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Roles over HTTP: jane is nobody's administrator. */
@QuarkusTest
class AccessTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1";

  @TestHTTPResource("/")
  URI server;

  private RawHttp admin;
  private RawHttp jane;

  @BeforeEach
  void connect() {
    admin = new RawHttp(server.getPort(), "admin-token");
    jane = new RawHttp(server.getPort(), "user-token");
    admin.post(
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"team\"}}");
  }

  private static String role(String kind, String name, String rules) {
    return """
    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"%s","metadata":{"name":"%s"},"rules":[%s]}
    """
        .formatted(kind, name, rules);
  }

  private static String rule(String verb, String resource) {
    return "{\"verbs\":[\"%s\"],\"apiGroups\":[\"\"],\"resources\":[\"%s\"]}"
        .formatted(verb, resource);
  }

  private static String rbacRule(String verb, String resource) {
    return "{\"verbs\":[\"%s\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"%s\"]}"
        .formatted(verb, resource);
  }

  private static String binding(String kind, String name, String roleKind, String role) {
    return """
    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"%s","metadata":{"name":"%s"},
     "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"%s","name":"%s"},
     "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}
    """
        .formatted(kind, name, roleKind, role);
  }

  /** Gives jane rules in the namespace team, until the next call. */
  private void grant(String rules) {
    String team = RBAC + "/namespaces/team";
    admin.delete(team + "/rolebindings/jane");
    admin.delete(team + "/roles/jane");
    assertThat(admin.post(team + "/roles", role("Role", "jane", rules)).code()).isEqualTo(201);
    Reply bound =
        admin.post(team + "/rolebindings", binding("RoleBinding", "jane", "Role", "jane"));
    assertThat(bound.code()).as(bound.text()).isEqualTo(201);
  }

  private static void assertForbidden(Reply reply, String... says) {
    assertThat(reply.code()).as(reply.text()).isEqualTo(403);
    assertThat(reply.json().path("reason").asText()).isEqualTo("Forbidden");
    for (String part : says) {
      assertThat(reply.json().path("message").asText()).contains(part);
    }
  }

  @Test
  void aRefusalSaysWhoMayNotDoWhatWhere() {
    assertForbidden(
        jane.get("/api/v1/namespaces/default/pods"),
        "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the"
            + " namespace \"default\"");
    assertForbidden(
        jane.get("/apis/apps/v1/deployments"),
        "deployments.apps is forbidden: User \"jane\" cannot list resource \"deployments\" in API"
            + " group \"apps\" at the cluster scope");
    assertForbidden(jane.get("/metrics"), "forbidden: User \"jane\" cannot get path \"/metrics\"");
  }

  @Test
  void aGrantCountsFromTheNextRequestOnAndNoLongerThanItIsThere() {
    String pods = "/api/v1/namespaces/team/pods";
    grant(rule("list", "pods"));
    assertThat(jane.get(pods).code()).isEqualTo(200);
    assertForbidden(jane.get("/api/v1/namespaces/default/pods"));

    admin.delete(RBAC + "/namespaces/team/rolebindings/jane");
    assertForbidden(jane.get(pods));
  }

  @Test
  void aBindingToARoleThatIsMissingIsToldInTheRefusal() {
    assertThat(
            admin
                .post(
                    RBAC + "/clusterrolebindings",
                    binding("ClusterRoleBinding", "dangling", "ClusterRole", "absent"))
                .code())
        .isEqualTo(201);

    assertForbidden(
        jane.get("/api/v1/nodes"),
        "RBAC: clusterrole.rbac.authorization.k8s.io \"absent\" not found");
    admin.delete(RBAC + "/clusterrolebindings/dangling");
  }

  @Test
  void whatIsAskedInAListByNameIsAskedOfThatObject() {
    grant(
        "{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"resourceNames\":[\"own\"]}");
    String secrets = "/api/v1/namespaces/team/secrets";

    assertThat(jane.get(secrets + "?fieldSelector=metadata.name%3Down").code()).isEqualTo(200);
    assertForbidden(jane.get(secrets + "?fieldSelector=metadata.name%3Dother"));
    assertForbidden(jane.get(secrets + "?fieldSelector=metadata.name%21%3Down"));
    assertForbidden(jane.get(secrets));
  }

  @Test
  void aRoleMayOnlySayWhatItsWriterHolds() {
    grant(rbacRule("create", "roles") + "," + rule("get", "pods"));
    String roles = RBAC + "/namespaces/team/roles";

    assertForbidden(
        jane.post(roles, role("Role", "more", rule("get", "secrets"))),
        "roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"jane\""
            + " (groups=[\"developers\" \"system:authenticated\"]) is attempting to grant RBAC"
            + " permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"secrets\"],"
            + " Verbs:[\"get\"]}");
    assertThat(jane.post(roles, role("Role", "same", rule("get", "pods"))).code()).isEqualTo(201);
    admin.delete(roles + "/same");
  }

  @ParameterizedTest
  @CsvSource({
    "escalate, 201",
    "get, 403",
  })
  void whoMayEscalateMayWriteAnyRole(String verb, int code) {
    grant(rbacRule("create", "roles") + "," + rbacRule(verb, "roles"));
    String roles = RBAC + "/namespaces/team/roles";

    Reply made = jane.post(roles, role("Role", "beyond", rule("*", "*")));

    assertThat(made.code()).as(made.text()).isEqualTo(code);
    admin.delete(roles + "/beyond");
  }

  @Test
  void aBindingNeedsItsRolesRightsOrTheRightToBind() {
    String bindings = RBAC + "/namespaces/team/rolebindings";
    grant(rbacRule("create", "rolebindings"));
    String self = binding("RoleBinding", "self", "ClusterRole", "cluster-admin");
    assertForbidden(jane.post(bindings, self), "is attempting to grant RBAC permissions");
    assertThat(jane.post(bindings, binding("RoleBinding", "self", "ClusterRole", "absent")).code())
        .isEqualTo(404);

    grant(rbacRule("create", "rolebindings") + "," + rbacRule("bind", "clusterroles"));
    assertThat(jane.post(bindings, self).code()).isEqualTo(201);
    admin.delete(bindings + "/self");
  }

  @Test
  void aGrantedRoleCannotBeWidenedByPatchOrUpdateEither() {
    grant(
        "{\"verbs\":[\"get\",\"patch\",\"update\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"roles\",\"rolebindings\"]}");
    String own = RBAC + "/namespaces/team/roles/jane";

    assertForbidden(
        jane.send(
            "PATCH",
            own,
            "[{\"op\":\"add\",\"path\":\"/rules/-\",\"value\":" + rule("*", "*") + "}]",
            "Content-Type",
            "application/json-patch+json"));
    assertForbidden(jane.put(own, role("Role", "jane", rule("*", "*"))));
    assertForbidden(
        jane.send(
            "PATCH",
            own + "?fieldManager=x&force=true",
            role("Role", "jane", rule("*", "*")),
            "Content-Type",
            "application/apply-patch+yaml"));
    assertThat(
            jane.send(
                    "PATCH",
                    own,
                    "{\"metadata\":{\"labels\":{\"kept\":\"yes\"}}}",
                    "Content-Type",
                    "application/merge-patch+json")
                .code())
        .isEqualTo(200);
  }

  @Test
  void actingAsSomebodyElseNeedsTheRightTo() {
    String path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    String review = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

    assertForbidden(
        jane.post(path, review, "Impersonate-User", "root"),
        "users \"root\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API"
            + " group \"\" at the cluster scope");
    assertForbidden(
        jane.post(path, review, "Impersonate-User", "jane", "Impersonate-Group", "system:masters"));
    JsonNode acting =
        admin
            .post(
                path,
                review,
                "Impersonate-User",
                "john",
                "Impersonate-Group",
                "a",
                "Impersonate-Group",
                "b",
                "Impersonate-Uid",
                "7",
                "Impersonate-Extra-example.com%2Fscope",
                "read")
            .json()
            .at("/status/userInfo");
    assertThat(acting.path("username").asText()).isEqualTo("john");
    assertThat(acting.path("uid").asText()).isEqualTo("7");
    assertThat(acting.path("groups").toString())
        .isEqualTo("[\"a\",\"b\",\"system:authenticated\"]");
    assertThat(acting.path("extra").toString()).isEqualTo("{\"example.com/scope\":[\"read\"]}");
    assertForbidden(
        admin.get("/api/v1/nodes", "Impersonate-User", "john"), "User \"john\" cannot list");
    assertThat(admin.get("/api/v1/nodes", "Impersonate-Group", "a").code()).isEqualTo(400);
  }

  @Test
  void anImpersonatedServiceAccountHasItsGroups() {
    grant(rule("impersonate", "serviceaccounts") + "," + rule("list", "pods"));
    String path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    String review = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";

    JsonNode groups =
        jane.post(path, review, "Impersonate-User", "system:serviceaccount:team:robot")
            .json()
            .at("/status/userInfo/groups");

    assertThat(groups.toString())
        .isEqualTo(
            "[\"system:serviceaccounts\",\"system:serviceaccounts:team\",\"system:authenticated\"]");
    assertForbidden(
        jane.post(path, review, "Impersonate-User", "system:serviceaccount:other:robot"));
  }

  private JsonNode review(RawHttp asker, String path, String kind, String spec) {
    Reply made =
        asker.post(
            REVIEWS + path,
            "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"%s\",\"spec\":%s}"
                .formatted(kind, spec));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    return made.json().path("status");
  }

  @Test
  void anybodyMayAskWhatTheyMayDo() {
    grant(rule("list", "pods"));
    String pods =
        "{\"resourceAttributes\":{\"namespace\":\"%s\",\"verb\":\"list\",\"resource\":\"pods\"}}";

    JsonNode here =
        review(
            jane, "/selfsubjectaccessreviews", "SelfSubjectAccessReview", pods.formatted("team"));
    assertThat(here.path("allowed").asBoolean()).isTrue();
    assertThat(here.path("reason").asText())
        .isEqualTo("RBAC: allowed by RoleBinding \"jane/team\" of Role \"jane\" to User \"jane\"");
    assertThat(
            review(
                    jane,
                    "/selfsubjectaccessreviews",
                    "SelfSubjectAccessReview",
                    pods.formatted("default"))
                .path("allowed")
                .asBoolean())
        .isFalse();
    assertForbidden(jane.post(REVIEWS + "/subjectaccessreviews", "{}"));
  }

  @Test
  void anAdministratorMayAskWhatOthersMayDo() {
    grant(rule("list", "pods"));
    String spec =
        "{\"user\":\"jane\",\"resourceAttributes\":{\"namespace\":\"team\",\"verb\":\"list\",\"resource\":\"pods\"}}";

    assertThat(
            review(admin, "/subjectaccessreviews", "SubjectAccessReview", spec)
                .path("allowed")
                .asBoolean())
        .isTrue();
    assertThat(
            review(
                    admin,
                    "/namespaces/team/localsubjectaccessreviews",
                    "LocalSubjectAccessReview",
                    spec)
                .path("allowed")
                .asBoolean())
        .isTrue();
    assertThat(
            admin
                .post(
                    REVIEWS + "/namespaces/default/localsubjectaccessreviews",
                    "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"LocalSubjectAccessReview\",\"spec\":"
                        + spec
                        + "}")
                .code())
        .isEqualTo(400);
  }

  @Test
  void theRulesReviewListsWhatRolesSay() {
    grant(rule("list", "pods"));

    JsonNode status =
        review(
            jane, "/selfsubjectrulesreviews", "SelfSubjectRulesReview", "{\"namespace\":\"team\"}");

    assertThat(status.path("incomplete").asBoolean()).isFalse();
    assertThat(status.path("resourceRules").toString())
        .contains("{\"verbs\":[\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}");
    assertThat(status.path("nonResourceRules").toString()).contains("/openapi");
  }

  @Test
  void theDefaultRolesAreThere() {
    JsonNode viewer = admin.get(RBAC + "/clusterroles/system:public-info-viewer").json();
    assertThat(viewer.at("/metadata/labels").toString()).contains("rbac-defaults");
    assertThat(admin.get(RBAC + "/clusterroles").json().path("items").size()).isGreaterThan(60);
    assertThat(
            admin
                .get(
                    RBAC
                        + "/namespaces/kube-system/roles/extension-apiserver-authentication-reader")
                .code())
        .isEqualTo(200);
  }
}
