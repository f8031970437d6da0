// Lucene.java - the peer of tests/bench/match.sh: Lucene over the same tokens, BM25 k1 = 1.2, b = .75, one segment, in one thread.
//
//     java Lucene build FOLDER              FOLDER/docs.txt -> FOLDER/lucene; prints the seconds
//     java Lucene search FOLDER K           FOLDER/queries.txt, with and without skipping; prints processor time a query in µs of
//                                           the faster one; FOLDER/lucene.run gets the ids that the thorough one found
import java.io.*;
import java.lang.management.ManagementFactory;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;

public class Lucene {
    static void build(Path folder) throws IOException {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.freeze();
        IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
        config.setRAMBufferSizeMB(512).setMergePolicy(new LogDocMergePolicy()).setUseCompoundFile(false);
        long start = System.nanoTime();
        try (Directory at = new MMapDirectory(folder.resolve("lucene"));
                IndexWriter writer = new IndexWriter(at, config);
                BufferedReader lines = Files.newBufferedReader(folder.resolve("docs.txt"))) {
            for (String line; (line = lines.readLine()) != null;) {
                Document document = new Document();
                document.add(new Field("t", line, type));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        System.out.printf("%.1f%n", (System.nanoTime() - start) / 1e9);
    }

    static Query query(String line) {
        Map<String, Integer> times = new TreeMap<>();
        for (String token : line.split(" "))
            times.merge(token, 1, Integer::sum);
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        times.forEach((token, n) -> all.add(
                new BoostQuery(new TermQuery(new Term("t", token)), n), BooleanClause.Occur.SHOULD));
        return all.build();
    }

    static double pass(IndexSearcher searcher, List<Query> queries, int k, int counted, PrintWriter run) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        for (Query query : queries) {
            TopScoreDocCollector found = TopScoreDocCollector.create(k, counted);
            searcher.search(query, found);
            StringJoiner ids = new StringJoiner(" ");
            for (ScoreDoc hit : found.topDocs().scoreDocs)
                ids.add(Integer.toString(hit.doc));
            if (run != null)
                run.println(ids);
        }
        return (threads.getCurrentThreadCpuTime() - start) / 1e3 / queries.size();
    }

    static void search(Path folder, int k) throws IOException {
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder.resolve("lucene"))));
        searcher.setQueryCache(null);
        searcher.setSimilarity(new BM25Similarity(1.2f, .75f));
        List<Query> queries = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("queries.txt")))
            queries.add(query(line));
        double best = Double.MAX_VALUE;
        for (int counted : new int[] {k, Integer.MAX_VALUE}) {
            pass(searcher, queries, k, counted, null);
            try (PrintWriter run = new PrintWriter(folder.resolve("lucene.run").toFile())) {
                best = Math.min(best, pass(searcher, queries, k, counted, run));
            }
        }
        System.out.printf("%.1f%n", best);
    }

    public static void main(String[] args) throws IOException {
        if (args[0].equals("build"))
            build(Paths.get(args[1]));
        else
            search(Paths.get(args[1]), Integer.parseInt(args[2]));
    }
}
