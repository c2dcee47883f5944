package dev.shiplog.api.access.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Objects;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may do what by the roles that every cluster has, as Kubernetes decides it. */
class DefaultRolesTest {

  private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

  /** Users of the table: each is bound to the role of its name in the namespace {@code team}. */
  private static final List<String> BOUND = List.of("view", "edit", "admin");

  /**
   * Rows: who, verb, {@code resource[/sub][.group]} or path, namespace (- for none), name (- for
   * none), and whether.
   */
  private static final String DECISIONS =
      """
      view   get    pods                          team  a  yes
      view   list   pods                          team  -  yes
      view   watch  deployments.apps              team  -  yes
      view   get    pods/log                      team  a  yes
      view   get    secrets                       team  a  no
      view   list   secrets                       team  -  no
      view   create pods                          team  -  no
      view   get    pods/exec                     team  a  no
      view   get    roles.rbac.authorization.k8s.io team a no
      view   get    pods                          other a  no
      view   list   pods                          -     -  no
      view   get    nodes                         -     a  no
      view   list   namespaces                    -     -  no
      view   get    configmaps                    team  a  yes
      view   list   endpointslices.discovery.k8s.io team - yes
      view   get    deployments/scale.apps        team  a  yes
      view   update deployments/scale.apps        team  a  no
      edit   create deployments.apps              team  -  yes
      edit   update deployments/scale.apps        team  a  yes
      edit   get    secrets                       team  a  yes
      edit   create pods/exec                     team  a  yes
      edit   create pods/eviction                 team  a  yes
      edit   create serviceaccounts/token         team  a  yes
      edit   impersonate serviceaccounts          team  a  yes
      edit   deletecollection pods                team  -  yes
      edit   create roles.rbac.authorization.k8s.io team - no
      edit   update resourcequotas                team  a  no
      edit   update deployments/status.apps       team  a  no
      edit   create namespaces                    -     -  no
      edit   delete pods                          other a  no
      edit   create persistentvolumes             -     -  no
      admin  create roles.rbac.authorization.k8s.io team - yes
      admin  create rolebindings.rbac.authorization.k8s.io team - yes
      admin  create localsubjectaccessreviews.authorization.k8s.io team - yes
      admin  create clusterroles.rbac.authorization.k8s.io - - no
      admin  update resourcequotas                team  a  no
      admin  escalate roles.rbac.authorization.k8s.io team a no
      admin  delete namespaces                    -     team no
      admin  get    secrets                       team  a  yes
      admin  list   secrets                       -     -  no
      root   delete nodes                         -     a  yes
      root   create anything.example.com          team  -  yes
      root   escalate clusterroles.rbac.authorization.k8s.io - a yes
      root   post   /anything                     -     -  yes
      jane   get    /version                      -     -  yes
      jane   get    /apis/apps/v1                 -     -  yes
      jane   get    /openapi/v3                   -     -  yes
      jane   get    /metrics                      -     -  no
      jane   post   /apis                         -     -  no
      jane   create selfsubjectaccessreviews.authorization.k8s.io - - yes
      jane   create selfsubjectreviews.authentication.k8s.io - - yes
      jane   create subjectaccessreviews.authorization.k8s.io - - no
      jane   create tokenreviews.authentication.k8s.io - - no
      jane   get    pods                          default a no
      jane   impersonate users                    -     root no
      nobody get    /healthz                      -     -  yes
      nobody get    /version                      -     -  yes
      nobody get    /api                          -     -  no
      nobody create selfsubjectreviews.authentication.k8s.io - - no
      nobody list   pods                          -     -  no
      probe  get    /metrics                      -     -  yes
      probe  get    /healthz/etcd                 -     -  yes
      account get   /openid/v1/jwks               -     -  yes
      account get   /.well-known/openid-configuration - - yes
      account get   pods                          apps  a  no
      node   get    secrets                       team  a  no
      node   list   pods                          -     -  no
      system:kube-scheduler create pods/binding   team  a  yes
      system:kube-scheduler patch pods/status     team  a  yes
      system:kube-scheduler create pods           team  -  no
      system:kube-scheduler get secrets           team  a  no
      system:kube-scheduler update persistentvolumeclaims team a yes
      system:kube-scheduler update leases.coordination.k8s.io kube-system kube-scheduler yes
      system:kube-scheduler update leases.coordination.k8s.io kube-system other yes
      system:kube-scheduler update leases.coordination.k8s.io team kube-scheduler yes
      system:kube-scheduler update leases.coordination.k8s.io team other no
      system:kube-scheduler get configmaps kube-system extension-apiserver-authentication yes
      system:kube-scheduler get configmaps        kube-system other no
      system:kube-controller-manager list anything.example.com - - yes
      system:kube-controller-manager create pods  team  -  no
      system:kube-proxy list services             -     -  yes
      system:kube-proxy get secrets               team  a  no
      @deployment-controller create replicasets.apps team - yes
      @deployment-controller update deployments/status.apps team a yes
      @deployment-controller create pods          team  -  no
      @deployment-controller get secrets          team  a  no
      @replicaset-controller create pods          team  -  yes
      @replicaset-controller delete pods          team  a  yes
      @replicaset-controller update replicasets/status.apps team a yes
      @replicaset-controller create secrets       team  -  no
      @namespace-controller update namespaces/finalize - team yes
      @namespace-controller delete secrets        team  a  yes
      @namespace-controller create pods           team  -  no
      @generic-garbage-collector delete anything.example.com team a yes
      @generic-garbage-collector create pods      team  -  no
      @clusterrole-aggregation-controller escalate clusterroles.rbac.authorization.k8s.io - a yes
      @clusterrole-aggregation-controller update roles.rbac.authorization.k8s.io team a no
      @disruption-controller get widgets/scale.example.com team a yes
      @disruption-controller get widgets/status.example.com team a no
      @root-ca-cert-publisher create configmaps   team  -  yes
      @root-ca-cert-publisher get secrets         team  a  no
      @service-account-controller create serviceaccounts team - yes
      @job-controller update jobs/status.batch    team  a  yes
      @job-controller delete jobs.batch           team  a  no
      @cronjob-controller create jobs.batch       team  -  yes
      @daemon-set-controller create pods/binding  team  a  yes
      @statefulset-controller create persistentvolumeclaims team - yes
      @node-controller patch nodes/status         -     a  yes
      @certificate-controller sign signers.certificates.k8s.io - kubernetes.io/kubelet-serving yes
      @certificate-controller sign signers.certificates.k8s.io - example.com/own no
      """;

  private static final RbacPolicy POLICY = new RbacPolicy();
  private static final RbacAuthorizer AUTHORIZER = new RbacAuthorizer(() -> POLICY);

  @BeforeAll
  static void fill() {
    List<ObjectNode> objects = DefaultPolicy.objects();
    Map<String, ObjectNode> roles =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("ClusterRole"))
            .collect(Collectors.toMap(role -> role.at("/metadata/name").asText(), role -> role));
    BOUND.forEach(name -> aggregate(roles, name));
    objects.forEach(object -> POLICY.change(null, Objects.stored(object)));
    BOUND.forEach(name ->
        POLICY.change(
            null,
            Objects.stored(
                """
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding",
                 "metadata":{"namespace":"team","name":"%1$s"},
                 "roleRef":{"kind":"ClusterRole","name":"%1$s"},
                 "subjects":[{"kind":"User","name":"%1$s"}]}
                """
                    .formatted(name))));
  }

  /** What the aggregation controller does. */
  private static void aggregate(Map<String, ObjectNode> roles, String name) {
    var rules = roles.get(name).putArray("rules");
    roles.values().stream()
        .filter(role -> role.at("/metadata/labels").has(AGGREGATE + name))
        .forEach(role -> role.path("rules").forEach(rules::add));
  }

  @TestFactory
  List<DynamicTest> decisionsAreThoseOfKubernetes() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : DECISIONS.split("\n")) {
      String[] row = line.trim().split("\\s+");
      tests.add(
          DynamicTest.dynamicTest(
              line,
              () ->
                  assertThat(AUTHORIZER.authorize(user(row[0]), asked(row)).allowed())
                      .isEqualTo(row[5].equals("yes"))));
    }
    return tests;
  }

  private static UserInfo user(String who) {
    return switch (who) {
      case "root" -> UserInfo.of("root", "system:masters", "system:authenticated");
      case "nobody" -> UserInfo.of("system:anonymous", "system:unauthenticated");
      case "probe" -> UserInfo.of("probe", "system:monitoring", "system:authenticated");
      case "node" -> UserInfo.of("system:node:a", "system:nodes", "system:authenticated");
      case "account" -> account("apps", "account");
      default ->
          who.startsWith("@")
              ? account("kube-system", who.substring(1))
              : UserInfo.of(who, "system:authenticated");
    };
  }

  private static UserInfo account(String namespace, String name) {
    return UserInfo.of(
        "system:serviceaccount:" + namespace + ":" + name,
        "system:serviceaccounts",
        "system:serviceaccounts:" + namespace,
        "system:authenticated");
  }

  private static Attributes asked(String[] row) {
    if (row[2].startsWith("/")) {
      return Attributes.ofPath(row[1], row[2]);
    }
    int dot = row[2].indexOf('.');
    String resource = dot < 0 ? row[2] : row[2].substring(0, dot);
    int slash = resource.indexOf('/');
    return new Attributes(
        row[1],
        dot < 0 ? "" : row[2].substring(dot + 1),
        "v1",
        slash < 0 ? resource : resource.substring(0, slash),
        slash < 0 ? "" : resource.substring(slash + 1),
        row[3].equals("-") ? "" : row[3],
        row[4].equals("-") ? "" : row[4],
        "");
  }

  @Test
  void everyBindingNamesARoleThatIsThere() {
    List<ObjectNode> objects = DefaultPolicy.objects();
    List<String> roles =
        objects.stream()
            .map(object -> place(object, object.at("/metadata/name").asText()))
            .toList();

    assertThat(objects.stream().filter(object -> object.has("roleRef")))
        .allSatisfy(binding ->
            assertThat(roles).contains(place(binding, binding.at("/roleRef/name").asText())));
  }

  private static String place(ObjectNode object, String name) {
    return object.at("/metadata/namespace").asText("") + "/" + name;
  }

  @Test
  void aRoleThatLacksARuleGetsItAndKeepsWhatWasAdded() {
    ObjectNode wanted = role("get list", "pods");
    ObjectNode found = role("get", "pods", "secrets");

    ObjectNode repaired = PolicyRepair.complete(found, wanted).orElseThrow();

    assertThat(PolicyRule.listOf(repaired))
        .contains(PolicyRule.listOf(found).getFirst(), PolicyRule.listOf(wanted).getFirst());
    assertThat(PolicyRepair.complete(repaired, wanted)).isEmpty();
  }

  @Test
  void aRoleThatWantsToBeLeftAloneIs() {
    ObjectNode wanted = role("get", "pods");
    ObjectNode found = role("list", "pods");
    found.withObject("/metadata/annotations").put(DefaultPolicy.AUTO_UPDATE, "false");

    assertThat(PolicyRepair.complete(found, wanted)).isEmpty();
  }

  private static ObjectNode role(String verbs, String... resources) {
    ObjectNode role = dev.shiplog.topics.record.Json.MAPPER.createObjectNode();
    role.putArray("rules")
        .add(
            new PolicyRule(
                    List.of(verbs.split(" ")),
                    List.of(""),
                    List.of(resources),
                    List.of(),
                    List.of())
                .tree());
    return role;
  }
}
