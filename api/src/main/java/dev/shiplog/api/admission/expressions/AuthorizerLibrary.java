package dev.shiplog.api.admission.expressions;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What expressions ask the authorizer: {@code authorizer.group('apps').resource('deployments')
 * .namespace('x').check('create').allowed()}.
 */
final class AuthorizerLibrary {

  /** Steps that each take a text and narrow the question. */
  private static final List<String> STEPS =
      List.of("group", "resource", "subresource", "namespace", "name", "path", "fieldSelector");

  private AuthorizerLibrary() {}

  /**
   * A question on its way. Immutable.
   *
   * @param user about whom
   * @param parts what was said so far, by step
   */
  record Question(Authorizer authorizer, UserInfo user, Map<String, String> parts) {

    Question with(String step, String value) {
      Map<String, String> more = new java.util.HashMap<>(parts);
      more.put(step, value);
      return new Question(authorizer, user, Map.copyOf(more));
    }

    Question of(String namespace, String name) {
      UserInfo account =
          UserInfo.of(
              "system:serviceaccount:" + namespace + ":" + name,
              "system:serviceaccounts",
              "system:serviceaccounts:" + namespace,
              "system:authenticated");
      return new Question(authorizer, account, parts);
    }

    Verdict check(String verb) {
      Attributes attributes =
          parts.containsKey("path")
              ? Attributes.ofPath(verb, parts.get("path"))
              : new Attributes(
                  verb,
                  part("group"),
                  "*",
                  part("resource"),
                  part("subresource"),
                  part("namespace"),
                  part("name"),
                  "");
      Authorizer.Decision decision = authorizer.authorize(user, attributes);
      return new Verdict(decision.allowed(), decision.reason());
    }

    private String part(String step) {
      return parts.getOrDefault(step, "");
    }
  }

  /** The answer to a question. */
  record Verdict(boolean allowed, String reason) {}

  static List<CelFunctionDecl> declarations() {
    List<CelFunctionDecl> all = new ArrayList<>();
    for (String step : STEPS) {
      all.add(
          CelFunctionDecl.newFunctionDeclaration(
              step,
              CelOverloadDecl.newMemberOverload(
                  "authorizer_" + step, SimpleType.DYN, SimpleType.DYN, SimpleType.STRING)));
    }
    all.add(
        CelFunctionDecl.newFunctionDeclaration(
            "serviceAccount",
            CelOverloadDecl.newMemberOverload(
                "authorizer_service_account",
                SimpleType.DYN,
                SimpleType.DYN,
                SimpleType.STRING,
                SimpleType.STRING)));
    all.add(
        CelFunctionDecl.newFunctionDeclaration(
            "check",
            CelOverloadDecl.newMemberOverload(
                "authorizer_check", SimpleType.DYN, SimpleType.DYN, SimpleType.STRING)));
    all.add(
        CelFunctionDecl.newFunctionDeclaration(
            "allowed",
            CelOverloadDecl.newMemberOverload(
                "authorizer_allowed", SimpleType.BOOL, SimpleType.DYN)));
    all.add(
        CelFunctionDecl.newFunctionDeclaration(
            "reason",
            CelOverloadDecl.newMemberOverload(
                "authorizer_reason", SimpleType.STRING, SimpleType.DYN)));
    return all;
  }

  static List<CelFunctionBinding> bindings() {
    List<CelFunctionBinding> all = new ArrayList<>();
    for (String step : STEPS) {
      all.add(
          CelFunctionBinding.from(
              "authorizer_" + step,
              Question.class,
              String.class,
              (question, value) -> question.with(step, value)));
    }
    all.add(
        CelFunctionBinding.from(
            "authorizer_service_account",
            List.of(Question.class, String.class, String.class),
            args -> ((Question) args[0]).of((String) args[1], (String) args[2])));
    all.add(
        CelFunctionBinding.from("authorizer_check", Question.class, String.class, Question::check));
    all.add(CelFunctionBinding.from("authorizer_allowed", Verdict.class, Verdict::allowed));
    all.add(CelFunctionBinding.from("authorizer_reason", Verdict.class, Verdict::reason));
    return all;
  }
}
