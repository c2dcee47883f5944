package dev.shiplog.bench.access;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.rbac.DefaultPolicy;
import dev.shiplog.api.access.rbac.RbacAuthorizer;
import dev.shiplog.api.access.rbac.RbacPolicy;
import dev.shiplog.topics.journal.UserInfo;
import java.util.Locale;

/**
 * What a decision by roles costs, with as many bindings as the first argument says (10,000 without
 * one): half of them of one user each in a namespace, half of one group in a namespace each; on top
 * the default roles. "allowed" is found in a namespace's binding of a group; "refused" looks at
 * everything the user has.
 */
public final class AuthorizationBench {

  private static final int ROUNDS = 5;
  private static final int DECISIONS = 200_000;

  private AuthorizationBench() {}

  public static void main(String[] args) {
    int bindings = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
    RbacPolicy policy = new RbacPolicy();
    DefaultPolicy.objects().forEach(object -> policy.change(null, new PolicyObject(object)));
    long start = System.nanoTime();
    for (int i = 0; i < bindings; i++) {
      policy.change(null, PolicyObject.binding(i, i % 2 == 0));
    }
    System.out.printf(
        Locale.ROOT,
        "%,d bindings read in %,d ms%n",
        bindings,
        (System.nanoTime() - start) / 1_000_000);
    RbacAuthorizer authorizer = new RbacAuthorizer(() -> policy);
    UserInfo user = UserInfo.of("user-0", "developers", "system:authenticated");
    measure("allowed", authorizer, user, bindings, "create", "deployments");
    measure("refused", authorizer, user, bindings, "escalate", "deployments");
  }

  private static void measure(
      String what,
      RbacAuthorizer authorizer,
      UserInfo user,
      int bindings,
      String verb,
      String resource) {
    long best = Long.MAX_VALUE;
    int allowed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < DECISIONS; i++) {
        int namespace = (2 * i + 1) % bindings;
        Attributes asked =
            new Attributes(verb, "apps", "v1", resource, "", "ns-" + namespace, "", "");
        allowed += authorizer.authorize(user, asked).allowed() ? 1 : 0;
      }
      best = Math.min(best, (System.nanoTime() - start) / DECISIONS);
    }
    System.out.printf(
        Locale.ROOT, "%-8s %,6d ns a decision (%,d allowed)%n", what, best, allowed / ROUNDS);
  }
}
