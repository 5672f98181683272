#include "libgeo/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace lode {

int thread_count(int jobs) {
  if (jobs > 0) return jobs;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

void parallel_blocks(std::size_t count, std::size_t block_size, int jobs,
                     const std::function<void(std::size_t, std::size_t, std::size_t)>& body,
                     const Progress& progress) {
  block_size = std::max<std::size_t>(block_size, 1);
  const std::size_t blocks = (count + block_size - 1) / block_size;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t failed_block = blocks;

  const auto work = [&] {
    while (!stop.load(std::memory_order_relaxed)) {
      const std::size_t block = next.fetch_add(1);
      if (block >= blocks) return;
      try {
        progress.check();
        body(block * block_size, std::min(count, (block + 1) * block_size), block);
        progress.update(static_cast<double>(done.fetch_add(1) + 1) / static_cast<double>(blocks));
      } catch (...) {
        // Blocks are taken in order, so every lower block has run or is running: waiting for the
        // others and keeping the lowest failure gives the same error for any number of threads.
        const std::lock_guard lock(mutex);
        if (block < failed_block) {
          failed_block = block;
          failure = std::current_exception();
        }
        stop = true;
        return;
      }
    }
  };

  const auto threads = std::min<std::size_t>(static_cast<std::size_t>(thread_count(jobs)), blocks);
  if (threads <= 1) {
    work();
  } else {
    std::vector<std::thread> pool;
    try {
      for (std::size_t i = 1; i < threads; ++i) pool.emplace_back(work);
    } catch (const std::system_error&) {
      // The machine grants no more threads: the work gets done by those there are.
    }
    work();
    for (auto& thread : pool) thread.join();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace lode
