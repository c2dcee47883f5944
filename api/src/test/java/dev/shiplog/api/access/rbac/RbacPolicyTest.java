package dev.shiplog.api.access.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.access.Objects;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.UserInfo;
import org.junit.jupiter.api.Test;

class RbacPolicyTest {

  private static final UserInfo JANE = UserInfo.of("jane", "developers");

  private final RbacPolicy policy = new RbacPolicy();
  private final RbacAuthorizer authorizer = new RbacAuthorizer(() -> policy);

  private static StoredObject clusterRole(String name, String resource) {
    return Objects.stored(
        """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"%s"},
         "rules":[{"verbs":["get"],"apiGroups":[""],"resources":["%s"]}]}
        """
            .formatted(name, resource));
  }

  private static StoredObject binding(String namespace, String name, String role, String subject) {
    return Objects.stored(
        """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"%sBinding",
         "metadata":{"namespace":"%s","name":"%s"},
         "roleRef":{"kind":"ClusterRole","name":"%s"},"subjects":[%s]}
        """
            .formatted(
                namespace.isEmpty() ? "ClusterRole" : "Role", namespace, name, role, subject));
  }

  private static String user(String name) {
    return "{\"kind\":\"User\",\"name\":\"" + name + "\"}";
  }

  private Decision get(UserInfo user, String resource, String namespace) {
    return authorizer.authorize(
        user, new Attributes("get", "", "v1", resource, "", namespace, "a", ""));
  }

  @Test
  void aBindingInANamespaceGrantsAClusterRoleThereOnly() {
    policy.change(null, clusterRole("reader", "pods"));
    policy.change(null, binding("team", "b", "reader", user("jane")));

    assertThat(get(JANE, "pods", "team").allowed()).isTrue();
    assertThat(get(JANE, "pods", "other").allowed()).isFalse();
    assertThat(get(JANE, "pods", "").allowed()).isFalse();
    assertThat(get(UserInfo.of("john"), "pods", "team").allowed()).isFalse();
  }

  @Test
  void anAllowedRequestNamesTheBindingAndWhomItGrants() {
    policy.change(null, clusterRole("reader", "pods"));
    policy.change(null, binding("", "b", "reader", "{\"kind\":\"Group\",\"name\":\"developers\"}"));

    assertThat(get(JANE, "pods", "team").reason())
        .isEqualTo(
            "RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"reader\" to Group"
                + " \"developers\"");
  }

  @Test
  void aRoleGrantedTwiceStaysUntilTheSecondBindingGoes() {
    policy.change(null, clusterRole("reader", "pods"));
    StoredObject one = binding("team", "one", "reader", user("jane"));
    StoredObject two = binding("team", "two", "reader", user("jane"));
    policy.change(null, one);
    policy.change(null, two);

    policy.change(one, null);
    assertThat(get(JANE, "pods", "team").allowed()).isTrue();
    policy.change(two, null);
    assertThat(get(JANE, "pods", "team").allowed()).isFalse();
  }

  @Test
  void aSubjectTakenOutOfABindingLosesItsRole() {
    policy.change(null, clusterRole("reader", "pods"));
    StoredObject both = binding("", "b", "reader", user("jane") + "," + user("john"));
    policy.change(null, both);

    policy.change(both, binding("", "b", "reader", user("john")));

    assertThat(get(JANE, "pods", "").allowed()).isFalse();
    assertThat(get(UserInfo.of("john"), "pods", "").allowed()).isTrue();
  }

  @Test
  void aRoleThatIsMissingIsNamedInTheRefusal() {
    policy.change(null, binding("", "b", "absent", user("jane")));

    assertThat(get(JANE, "pods", "").reason())
        .isEqualTo("RBAC: clusterrole.rbac.authorization.k8s.io \"absent\" not found");
  }

  @Test
  void aServiceAccountWithoutNamespaceIsOfTheBindingsNamespace() {
    policy.change(null, clusterRole("reader", "pods"));
    policy.change(
        null, binding("team", "b", "reader", "{\"kind\":\"ServiceAccount\",\"name\":\"robot\"}"));

    UserInfo robot = UserInfo.of("system:serviceaccount:team:robot");
    assertThat(get(robot, "pods", "team").allowed()).isTrue();
  }

  @Test
  void aChangedRoleCountsAtOnce() {
    StoredObject before = clusterRole("reader", "pods");
    policy.change(null, before);
    policy.change(null, binding("", "b", "reader", user("jane")));

    policy.change(before, clusterRole("reader", "services"));

    assertThat(get(JANE, "pods", "").allowed()).isFalse();
    assertThat(get(JANE, "services", "").allowed()).isTrue();
  }
}
