#include "sim/data/instance.hpp"

#include <stdexcept>

namespace benign::sim {

Instance draw_instance(const theory::Parameters& p, DataKind kind, std::uint64_t seed,
                       std::shared_ptr<const Brought> brought) {
  if ((kind == DataKind::brought) != (brought != nullptr))
    throw std::logic_error("brought tokens go with DataKind::brought, and with nothing else");
  Data train = brought ? draw_from(*brought, p, seed) : draw_train(p, kind, seed);
  Instance instance{p, kind, seed, std::move(train), InitialWeights(p, seed), {}, std::move(brought)};
  if (p.sigma_p.exact() != 0 && kind != DataKind::gram) {
    instance.p0.resize(p.d);
    fill_normal(seed, Stream::initial_p, 0, p.sigma_p.as<double>(),
                {instance.p0.data(), static_cast<std::size_t>(p.d)});
  }
  return instance;
}

}  // namespace benign::sim
