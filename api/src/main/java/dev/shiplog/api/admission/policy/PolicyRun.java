package dev.shiplog.api.admission.policy;

import dev.shiplog.api.admission.expressions.Expression;
import dev.shiplog.api.admission.expressions.Expression.EvaluationException;
import dev.shiplog.api.admission.policy.Policies.Binding;
import java.util.Map;

/** One validating policy with one binding and one parameter. */
record PolicyRun(Policy policy, Binding binding, PolicyFindings findings) {

  private static final int LONGEST_MESSAGE = 5 * 1024;
  private static final int LONGEST_ANNOTATION = 10 * 1024;

  void validate(Map<String, Object> variables) {
    try {
      if (!policy.conditions().hold(variables)) {
        return;
      }
    } catch (EvaluationException e) {
      failed(e.getMessage());
      return;
    }
    for (Policy.Rule rule : policy.validations()) {
      try {
        if (!rule.expression().holds(variables)) {
          findings.failed(policy, binding, message(rule, variables), rule.reason());
        }
      } catch (EvaluationException e) {
        failed(e.getMessage());
      }
    }
    policy.auditAnnotations().forEach((key, value) -> annotate(key, value, variables));
  }

  private void failed(String message) {
    if (!policy.ignoresFailure()) {
      findings.failed(policy, binding, message, "");
    }
  }

  private void annotate(String key, Expression expression, Map<String, Object> variables) {
    try {
      if (expression.value(variables) instanceof String text && !text.isBlank()) {
        findings.annotate(
            policy.name() + "/" + key,
            text.length() <= LONGEST_ANNOTATION ? text : text.substring(0, LONGEST_ANNOTATION));
      }
    } catch (EvaluationException e) {
      failed(e.getMessage());
    }
  }

  private static String message(Policy.Rule rule, Map<String, Object> variables) {
    if (rule.messageExpression() != null) {
      try {
        if (rule.messageExpression().value(variables) instanceof String made) {
          String text = made.strip();
          if (!text.isEmpty() && text.length() <= LONGEST_MESSAGE && !text.contains("\n")) {
            return text;
          }
        }
      } catch (EvaluationException e) {
        return plain(rule); // the rule failed all the same
      }
    }
    return plain(rule);
  }

  private static String plain(Policy.Rule rule) {
    return rule.message().isEmpty()
        ? "failed expression: " + rule.expression().text().strip()
        : rule.message();
  }
}
