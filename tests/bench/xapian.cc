// xapian.cc - the peer of tests/bench/match.sh: Xapian over the same tokens, BM25 k1 = 1.2, b = .75.
//
//     xapian build FOLDER        FOLDER/docs.txt -> FOLDER/xapian
//     xapian search FOLDER K     FOLDER/queries.txt; prints processor time a query in µs
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>
#include <xapian.h>

static void build(const std::string &folder)
{
    Xapian::WritableDatabase database(folder + "/xapian", Xapian::DB_CREATE_OR_OVERWRITE);
    std::ifstream lines(folder + "/docs.txt");
    for (std::string line, token; std::getline(lines, line);) {
        std::istringstream tokens(line);
        Xapian::Document document;
        while (tokens >> token)
            document.add_term(token);
        database.add_document(document);
    }
    database.commit();
}

static Xapian::Query query(const std::string &line)
{
    std::map<std::string, unsigned> times;
    std::istringstream tokens(line);
    for (std::string token; tokens >> token;)
        times[token]++;
    std::vector<Xapian::Query> all;
    for (const auto &term : times)
        all.emplace_back(term.first, term.second);
    return Xapian::Query(Xapian::Query::OP_OR, all.begin(), all.end());
}

static double search(const std::string &folder, unsigned k)
{
    Xapian::Database database(folder + "/xapian");
    Xapian::Enquire enquire(database);
    enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 0, .75, 0));
    std::vector<Xapian::Query> queries;
    std::ifstream lines(folder + "/queries.txt");
    for (std::string line; std::getline(lines, line);)
        queries.push_back(query(line));
    std::clock_t start = 0;
    for (int pass = 0; pass < 2; pass++) {
        start = std::clock();
        for (const auto &one : queries) {
            enquire.set_query(one);
            enquire.get_mset(0, k);
        }
    }
    return double(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / double(queries.size());
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    if (std::string(argv[1]) == "build")
        build(argv[2]);
    else
        std::cout << search(argv[2], unsigned(std::stoul(argv[3]))) << "\n";
    return 0;
}
