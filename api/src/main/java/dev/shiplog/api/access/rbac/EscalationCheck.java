package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.AuthorizerChain;
import dev.shiplog.api.access.UserRules;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Nobody grants what they do not hold: a role may be written only by who holds all it says, or may
 * {@code escalate} it; a binding only by who holds all its role says, or may {@code bind} it. Looks
 * at the object as it will be stored, so it comes after everything that changes one.
 */
public final class EscalationCheck implements AdmissionPlugin {

  private static final Set<String> KINDS =
      Set.of("roles", "clusterroles", "rolebindings", "clusterrolebindings");

  private final Authorizer authorizer;
  private final RbacAuthorizer roles;

  /**
   * The check.
   *
   * @param authorizer who may do what, by whatever means
   * @param roles what roles say
   */
  public EscalationCheck(Authorizer authorizer, RbacAuthorizer roles) {
    this.authorizer = authorizer;
    this.roles = roles;
  }

  @Override
  public String name() {
    return "RoleEscalation";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    Target target = request.target();
    return request.operation() != Operation.DELETE
        && target.type().group().equals(RbacPolicy.GROUP)
        && KINDS.contains(target.type().plural())
        && !request.caller().user().groups().contains(AuthorizerChain.MASTERS)
        && !isOnlyForCollection(request);
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    if (request.target().type().plural().endsWith("bindings")) {
      binding(request);
    } else {
      role(request);
    }
    return CompletableFuture.completedFuture(null);
  }

  /** The garbage collector, and who removes finalizers, need not hold what others were granted. */
  private static boolean isOnlyForCollection(AdmissionRequest request) {
    if (request.before() == null) {
      return false;
    }
    return withoutOwnership(request.before()).equals(withoutOwnership(request.object()));
  }

  private static ObjectNode withoutOwnership(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("ownerReferences", "finalizers", "managedFields"));
    }
    return copy;
  }

  private void role(AdmissionRequest request) {
    UserInfo user = request.caller().user();
    Target target = request.target();
    if (may(user, "escalate", target.type().plural(), target.namespace(), target.name())) {
      return;
    }
    requireHeld(request, PolicyRule.listOf(request.object()));
    boolean aggregates =
        request.object().has("aggregationRule")
            || (request.before() != null && request.before().has("aggregationRule"));
    if (aggregates && !missing(user, "", PolicyRule.FULL_AUTHORITY).isEmpty()) {
      throw target.forbidden("must have cluster-admin privileges to use the aggregationRule");
    }
  }

  private void binding(AdmissionRequest request) {
    JsonNode binding = request.object();
    String namespace = request.target().namespace();
    RoleRef role = RoleRef.of(binding, namespace);
    if (may(request.caller().user(), "bind", role.plural(), namespace, role.name())) {
      return;
    }
    List<PolicyRule> rules =
        roles
            .rulesOf(role)
            .orElseThrow(() -> Failures.notFound(RbacPolicy.GROUP, role.plural(), role.name()));
    requireHeld(request, rules);
  }

  private boolean may(UserInfo user, String verb, String plural, String namespace, String name) {
    return authorizer
        .authorize(
            user, new Attributes(verb, RbacPolicy.GROUP, "*", plural, "", namespace, name, ""))
        .allowed();
  }

  private void requireHeld(AdmissionRequest request, List<PolicyRule> granted) {
    UserInfo user = request.caller().user();
    Set<String> missing = missing(user, request.target().namespace(), granted);
    if (!missing.isEmpty()) {
      throw request
          .target()
          .forbidden(
              "user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
                  .formatted(
                      user.username(),
                      PolicyRule.quoted(user.groups()),
                      String.join("\n", missing)));
    }
  }

  private Set<String> missing(UserInfo user, String namespace, List<PolicyRule> granted) {
    UserRules held = roles.rules(user, namespace);
    return RuleCoverage.missing(held.rules(), granted);
  }
}
