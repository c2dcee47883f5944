package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the rules of a view are if nothing is known of the view before. */
final class WholeRules {

  private WholeRules() {}

  /** In the order of the services' names. */
  static List<ServicePortRule> compile(ServiceView view, String node) {
    var compiler = new RuleSetCompiler();
    Place place = Place.of(node, view);
    return view.services().entrySet().stream()
        .flatMap(each ->
            compiler
                .compile(each.getKey(), each.getValue(), slices(view, each.getKey()), place)
                .stream())
        .toList();
  }

  private static List<EndpointSlice> slices(ServiceView view, String service) {
    return view.slices().entrySet().stream()
        .filter(each -> RuleSetCompiler.isForIpv4(each.getValue()))
        .filter(each -> RuleSetCompiler.serviceOf(each.getKey(), each.getValue()).equals(service))
        .map(Map.Entry::getValue)
        .toList();
  }

  static NftTable table(List<ServicePortRule> rules, ProxySettings settings) {
    Map<String, List<ServicePortRule>> byService =
        rules.stream()
            .collect(
                Collectors.groupingBy(ServicePortRule::service, TreeMap::new, Collectors.toList()));
    return ProxyTable.of(
        ProxyTable.frame(settings), byService.values().stream().map(FragmentMaker::make).toList());
  }

  static NftTable table(ServiceView view, ProxySettings settings) {
    return table(compile(view, settings.nodeName()), settings);
  }
}
