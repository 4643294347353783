// The algorithm library: each is a program written with the public DSL only, in a file of its own.
#pragma once

#include <monograph/graph.h>
#include <monograph/program.h>
#include <monograph/session.h>

#include <span>
#include <string_view>
#include <vector>

namespace monograph {

// Ranks and centralities -----------------------------------------------------------------------------------

/// PageRank, LDBC's definition: dangling mass is spread evenly, ranks sum to 1. Weights are ignored.
/// Parameters: damping = 0.85, max_iterations = 100, tolerance = 1e-6 (L1 norm; 0 runs all iterations).
/// Output: rank f64[V]. Source: Page et al. 1999; LDBC Graphalytics 1.0.3, section 2.3.3.
Program pagerank();

/// PageRank whose walks restart, and go on from nodes without out-edges, at a node drawn in proportion to
/// node attribute "restart" (f64, at least 0; RuntimeError otherwise); at `source` where the graph has no
/// such attribute or it is all 0. Weights are ignored. Parameters: source (a node id; default the smallest),
/// damping = 0.85, max_iterations = 100, tolerance = 1e-6 (L1 norm; 0 runs all iterations). Output: rank
/// f64[V], sums to 1. Source: Page et al. 1999; Haveliwala 2002.
Program personalized_pagerank();

/// Degree centrality: incident edges (both directions; each once on an undirected graph) / (V - 1); 0 when V
/// < 2. Output: degree f64[V].
Program degree();

/// Weighted degree: the sum of edge attribute "weight" over incident edges (both directions; each once on an
/// undirected graph), in the weights' unit. Output: weighted_degree f64[V]. Source: Barrat et al. 2004.
Program weighted_degree();

/// Betweenness centrality: of all shortest paths between two others, by hops along edge directions, the share
/// that pass through a node, summed over ordered pairs (on an undirected graph each pair counts twice: halve
/// the value that is not normalized). Multi-edges are different paths; weights are ignored. Takes a search
/// there and back for each source. Parameters: samples = 0 (sources drawn at random, of which it is
/// estimated; 0: exactly, from all nodes), seed = 0, normalized = true (divided by (V - 1)(V - 2); 0 when V <
/// 3). Output: betweenness f64[V]. Source: Freeman 1977; Brandes 2001; Brandes, Pich 2007.
Program betweenness();

/// Closeness centrality: r / (sum of distances from the r other nodes that reach this one) * r / (V - 1), by
/// hops along edge directions; 0 where r = 0. Weights are ignored. 64 searches at a time. Parameters: samples
/// = 0 (sources drawn at random, of which it is estimated; 0: exactly, from all nodes), seed = 0. Output:
/// closeness f64[V]. Source: Freeman 1978; Wasserman, Faust 1994; Eppstein, Wang 2004.
Program closeness();

/// Harmonic centrality: the sum of 1 / distance from the other nodes that reach this one, by hops along edge
/// directions. Weights are ignored. Parameters: samples = 0 and seed = 0 as `closeness`, normalized = true
/// (divided by V - 1). Output: harmonic f64[V]. Source: Marchiori, Latora 2000; Boldi, Vigna 2014; Rochat
/// 2009.
Program harmonic();

/// Hubs and authorities: eigenvectors of A A^T and A^T A, of length 1 (0 where there are no edges). Weights
/// are ignored. Where the largest eigenvalue is not alone, the vector that the iteration from all ones
/// reaches. Parameters: max_iterations = 1000, tolerance = 1e-8 (L1 norm of the hubs' change; 0 runs all
/// iterations). Outputs: authority f64[V], hub f64[V]. Source: Kleinberg 1999.
Program hits();

/// Katz centrality: walks of any length that end at a node, each step counting `alpha` times less; scaled to
/// length 1. Weights are ignored. Does not converge (as the run reports) for alpha of 1 / (largest
/// eigenvalue) and above. Parameters: alpha = 0 (which means 1 / (1 + largest in-degree)), max_iterations =
/// 1000, tolerance = 1e-8 (L1 norm; 0 runs all iterations). Output: katz f64[V]. Source: Katz 1953.
Program katz();

/// Eigenvector centrality: the eigenvector of the largest eigenvalue over in-neighbours, of length 1. Weights
/// are ignored. On a graph that is not strongly connected it gathers in one part; without cycles it does not
/// converge. Parameters: max_iterations = 1000, tolerance = 1e-8 (L1 norm; 0 runs all iterations).
/// Output: eigenvector f64[V]. Source: Bonacich 1987.
Program eigenvector();

// Communities ----------------------------------------------------------------------------------------------

/// Community detection by synchronous label propagation (CDLP): each node takes the label most frequent among
/// its neighbours (an edge in both directions counts twice), ties to the smallest id. Weights are ignored.
/// Parameters: max_iterations = 10. Output: label (node ids) i32[V]. Source: Raghavan et al. 2007; LDBC
/// Graphalytics.
Program cdlp();

/// Label propagation as `cdlp`, but a node whose own label is among the most frequent keeps it, and it ends
/// when nobody changes. Two halves may exchange their labels for ever (as on one edge): then max_iterations
/// ends it, and the result says that it did not converge. Parameters: max_iterations = 100. Output: label
/// (node ids) i32[V]. Source: Raghavan et al. 2007.
Program label_propagation();

/// Label propagation that is asynchronous: nodes take labels class after class and see what those before them
/// have just become, so that it settles. Classes are the colours of a colouring, or, sequential, single nodes
/// in the order of ids (V steps over the whole graph in each pass: for small graphs). Weights are ignored.
/// Parameters: max_iterations = 100 (passes), sequential = false, seed = 0 (of the colouring).
/// Output: label (node ids) i32[V]. Source: Raghavan et al. 2007.
Program message_pass();

/// One level of the Louvain method: communities of nodes between which no node gains modularity by moving.
/// `louvain_levels` has all of them, and so has `monograph run`. Edge attribute "weight", or 1 for each edge;
/// at least 0 (RuntimeError). Directions are ignored: an edge in both counts twice. Parameters: contracted =
/// false (self-loops of an undirected graph count once, as `contract` leaves them, not twice), resolution =
/// 1, tolerance = 1e-7 (gain of a pass), max_iterations = 100 (passes), seed = 0. Outputs: community (node
/// ids, the smallest in each) i32[V], modularity f64. Source: Blondel et al. 2008.
Program louvain();

/// Modularity of the communities in node attribute "community" (i64, 0 .. V-1: the number of a node, as
/// outputs of community detection have it; RuntimeError for others). Edge attribute "weight", or 1 for each
/// edge; at least 0 (RuntimeError). Directed graphs by Leicht and Newman; on undirected ones a self-loop
/// counts twice. Parameters: resolution = 1. Output: modularity f64; 0 without edges. Source: Newman, Girvan
/// 2004.
Program modularity();

/// Local clustering coefficient: edges between neighbours, over how many there could be (each direction is
/// one, on undirected graphs too); 0 for fewer than 2 neighbours. Neighbours are those in either direction;
/// self-loops, weights and how often an edge is there are ignored. Output: lcc f64[V], 0 .. 1. Source: Watts,
/// Strogatz 1998; LDBC Graphalytics 1.0.3, section 2.3.6.
Program lcc();

/// Triangles: sets of three nodes, each two of them adjacent in either direction. Self-loops and multi-edges
/// are ignored. Output: triangles i64. Source: Schank, Wagner 2005; GAP Benchmark Suite 2015.
Program triangle_count();

/// Jaccard similarity of the ends of each edge: nodes adjacent to both, over those adjacent to either (which
/// the ends themselves are). Directions, weights, self-loops and multi-edges are ignored; 1 at a self-loop.
/// Output: jaccard f64[E], 0 .. 1. Source: Jaccard 1901.
Program jaccard();

/// Node attribute "value" (f64; must exist) spread along edges: each node moves from its own value towards
/// the mean of its in-neighbours', weighted by edge attribute "weight" (at least 0, RuntimeError; 1 where
/// there is none). Parameters: mix = 0.5 (0: own value, 1: neighbours' only), max_iterations = 100, tolerance
/// = 1e-6 (largest change; 0 runs all iterations). Output: value f64[V], in the attribute's unit. Source:
/// Friedkin, Johnsen 1990; Zhou et al. 2004.
Program attribute_propagation();

// Components and cores -------------------------------------------------------------------------------------

/// Weakly connected components: the smallest node id in each. Weights and directions are ignored.
/// Output: component (node ids) i32[V].
Program wcc();

/// Strongly connected components: the smallest node id in each. Weights are ignored.
/// Output: component (node ids) i32[V]. Source: Orzan 2004; Blelloch et al. 2016.
Program scc();

/// Core numbers: the largest k such that the node is in a part of the graph where every node has k edges or
/// more. Directions, weights and self-loops are ignored; multi-edges count each, an edge in both directions
/// of a directed graph twice. Parameters: k = 2. Outputs: core i64[V]; mask bool[V]: is the node in the
/// k-core. Source: Seidman 1983; Batagelj, Zaversnik 2003.
Program k_core();

// Paths and trees ------------------------------------------------------------------------------------------

/// Breadth-first search: hops from `source` along edge directions. Weights are ignored.
/// Parameter: source (a node id; default the smallest). Outputs: level i64[V]; unreachable
/// 9223372036854775807. parent (node ids) i32[V]: the smallest node one hop nearer; the source's is itself,
/// -1 where unreachable.
Program bfs();

/// Single-source shortest paths by Bellman-Ford; edge attribute "weight" must exist and be non-negative
/// (RuntimeError). Parameter: source (a node id; default the smallest). Outputs: distance f64[V], in the
/// weights' unit; unreachable +infinity. parent (node ids) i32[V]: the node before it on a shortest path; the
/// source's is itself, -1 where unreachable. Following parents always ends at the source.
Program sssp();

/// A minimum spanning forest over edge attribute "weight" (must exist; no NaN, RuntimeError). Directions are
/// ignored. Of equally heavy edges those with the smallest ids are taken.
/// Outputs: total f64: its weight, in the weights' unit. source, target (node ids) i32[V] and weight f64[V]:
/// the edges, each at a node of its own; -1, -1 and 0 at the others, one in each component. component (node
/// ids) i32[V]: one number for the nodes of each. Source: Boruvka 1926.
Program minimum_spanning_forest();

// Sets -----------------------------------------------------------------------------------------------------

/// A proper colouring: neighbours in either direction have different colours. Self-loops are ignored. At most
/// one colour more than the largest number of neighbours. The same seed gives the same colours everywhere.
/// Parameters: seed = 0 (of the order in which nodes choose). Output: colour i64[V], from 0. Source: Jones,
/// Plassmann 1993.
Program colouring();

/// V random walks along out-edges, one from each node, or all from one. Who finds no edge begins again, which
/// is a step too. The same seed gives the same walks everywhere. Parameters: source (a node id; default the
/// smallest) and together = false (all begin at the source), length = 10 (steps), restart = 0 (probability of
/// beginning again, each step), weighted = false (edges are drawn in proportion to edge attribute "weight", 1
/// where there is none; one that is not positive is never taken), seed = 0. Outputs: visits i64[V]: how often
/// walkers stood there, starts included. last (node ids) i32[V]: where the walker of each node ended.
/// Source: Pearson 1905; Tong et al. 2006.
Program random_walk();

/// A maximal independent set: no two of its nodes are neighbours, and every other node has one in it.
/// Directions, weights and self-loops are ignored. The same seed gives the same set everywhere. Parameters:
/// seed = 0. Output: in_set bool[V]. Source: Luby 1986.
Program maximal_independent_set();

// More than one run ----------------------------------------------------------------------------------------

/// What `louvain_levels` finds, the finest first; at least one level.
struct CommunityLevels {
  std::vector<Column> levels;      ///< i32[V] each: the smallest node of each node's community
  std::vector<double> modularity;  ///< of each level, on the graph given
};
/// The Louvain method: the program `louvain`, then again on the graph of its communities (`contract`, made by
/// the host), until nothing moves. Parameters and errors are those of `louvain`; weights are f64
/// (InputError).
CommunityLevels louvain_levels(Session& session, const Graph& graph, const Parameters& parameters = {},
                               const RunOptions& options = {});
/// Its last level, as `louvain` gives one: what `monograph run louvain` runs. Iterations are the levels.
Result run_louvain(Session& session, const Graph& graph, const Parameters& parameters = {},
                   const RunOptions& options = {});

/// A named algorithm of the library.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view doc;    ///< one line
  std::string_view alias;  ///< another name for it, or ""
  Match match;             ///< how results are compared with those of others, by LDBC Graphalytics
  Program (*make)();
  /// Where one run of the program is not all of the algorithm: what is; else null.
  Result (*run)(Session&, const Graph&, const Parameters&, const RunOptions&) = nullptr;
};
/// All of them, by name.
std::span<const AlgorithmInfo> algorithms();
/// By name or alias, or null.
const AlgorithmInfo* find_algorithm(std::string_view name);

}  // namespace monograph
